import { defineInteraction, dense, jagged, moments, scalar, silu } from 'serrate'

/** HSTU's gate, generative-recommenders `norm_mul_dropout` without dropout: SiLU(u) · LN(x). */
export const norm_mul = defineInteraction({
  name: 'norm_mul',
  captures: { eps: scalar('f32', { default: 1e-5, range: [1e-6, 1e-3] }) },
  inputs: { x: jagged('l', 'd'), u: jagged('l', 'd'), weight: dense('d'), bias: dense('d') },
  output: jagged('l', 'd'),
  value: ({ x }) => x,
  reduce: moments('d'),
  epilogue: ({ value, mean, variance }, { u, weight, bias }, _at, { eps }) => silu(u) * (((value - mean) / Math.sqrt(variance + eps)) * weight + bias),
})
