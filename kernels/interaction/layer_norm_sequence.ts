import { defineInteraction, dense, jagged, moments, scalar } from 'serrate'

/** Layer normalisation of each sequence over its rows and columns. */
export const layer_norm_sequence = defineInteraction({
  name: 'layer_norm_sequence',
  captures: { eps: scalar('f32', { default: 1e-6, range: [1e-6, 1e-3] }) },
  inputs: { x: jagged('l', 'd'), weight: dense('d'), bias: dense('d') },
  output: jagged('l', 'd'),
  value: ({ x }) => x,
  reduce: moments('l', 'd'),
  epilogue: ({ value, mean, variance }, { weight, bias }, _at, { eps }) => ((value - mean) / Math.sqrt(variance + eps)) * weight + bias,
})
