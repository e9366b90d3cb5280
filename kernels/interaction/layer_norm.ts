import { defineInteraction, dense, jagged, moments, scalar } from 'serrate'

/** Layer normalisation of each row (Ba et al. 2016). */
export const layer_norm = defineInteraction({
  name: 'layer_norm',
  captures: { eps: scalar('f32', { default: 1e-5, range: [1e-6, 1e-3] }) },
  inputs: { x: jagged('l', 'd'), weight: dense('d'), bias: dense('d') },
  output: jagged('l', 'd'),
  value: ({ x }) => x,
  reduce: moments('d'),
  epilogue: ({ value, mean, variance }, { weight, bias }, _at, { eps }) => ((value - mean) / Math.sqrt(variance + eps)) * weight + bias,
})
