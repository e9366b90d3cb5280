import { defineInteraction, dense, jagged, moments, scalar } from 'serrate'

/** HSTU's output with `concat_ux`: [u, x, u · GroupNorm(x)] side by side, a group a head; `part` counts the three. */
export const group_norm_concat = defineInteraction({
  name: 'group_norm_concat',
  captures: { eps: scalar('f32', { default: 1e-5, range: [1e-6, 1e-3] }) },
  inputs: { x: jagged('l', 'h', 'd'), u: jagged('l', 'h', 'd'), weight: dense('h'), bias: dense('h') },
  output: jagged('l', 'part', 'h', 'd'),
  value: ({ x }) => x,
  reduce: moments('d'),
  epilogue: ({ value, mean, variance }, { u, weight, bias }, at, { eps }) =>
    at.part === 0 ? u : at.part === 1 ? value : u * (((value - mean) / Math.sqrt(variance + eps)) * weight + bias),
})
