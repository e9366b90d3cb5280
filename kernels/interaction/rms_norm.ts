import { defineInteraction, dense, jagged, moments, scalar } from 'serrate'

/** RMS normalisation of each row (Zhang and Sennrich 2019). */
export const rms_norm = defineInteraction({
  name: 'rms_norm',
  captures: { eps: scalar('f32', { default: 1e-5, range: [1e-6, 1e-3] }) },
  inputs: { x: jagged('l', 'd'), weight: dense('d') },
  output: jagged('l', 'd'),
  value: ({ x }) => x,
  reduce: moments('d'),
  epilogue: ({ value, meanSquare }, { weight }, _at, { eps }) => (value / Math.sqrt(meanSquare + eps)) * weight,
})
