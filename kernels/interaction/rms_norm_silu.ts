import { defineInteraction, dense, jagged, moments, scalar, silu } from 'serrate'

/** SiLU of the RMS normalisation of each row. */
export const rms_norm_silu = defineInteraction({
  name: 'rms_norm_silu',
  captures: { eps: scalar('f32', { default: 1e-5, range: [1e-6, 1e-3] }) },
  inputs: { x: jagged('l', 'd'), weight: dense('d') },
  output: jagged('l', 'd'),
  value: ({ x }) => x,
  reduce: moments('d'),
  epilogue: ({ value, meanSquare }, { weight }, _at, { eps }) => silu((value / Math.sqrt(meanSquare + eps)) * weight),
})
