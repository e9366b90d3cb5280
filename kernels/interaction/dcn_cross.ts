import { defineInteraction, dense, jagged, reread, sum } from 'serrate'

/** DCN v2 cross layer (Wang et al. 2021): x0 · (W x + c) + x. */
export const dcn_cross = defineInteraction({
  name: 'dcn_cross',
  inputs: { x0: jagged('l', 'k'), x: jagged('l', 'd'), w: dense('k', 'd'), c: dense('k'), residual: reread('x', jagged('l', 'k')) },
  output: jagged('l', 'k'),
  value: ({ x, w }) => w * x,
  reduce: sum('d'),
  epilogue: (y, { x0, c, residual }) => x0 * (y + c) + residual,
})
