import { defineInteraction, dense, jagged, moments, scalar } from 'serrate'

/** Group normalisation with a group a head (Wu and He 2018): each row's heads are normalised alone. */
export const group_norm = defineInteraction({
  name: 'group_norm',
  captures: { eps: scalar('f32', { default: 1e-5, range: [1e-6, 1e-3] }) },
  inputs: { x: jagged('l', 'h', 'd'), weight: dense('h'), bias: dense('h') },
  output: jagged('l', 'h', 'd'),
  value: ({ x }) => x,
  reduce: moments('d'),
  epilogue: ({ value, mean, variance }, { weight, bias }, _at, { eps }) => ((value - mean) / Math.sqrt(variance + eps)) * weight + bias,
})
