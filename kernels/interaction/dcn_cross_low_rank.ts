import { defineInteraction, dense, jagged, sum } from 'serrate'

/** DCN v2 cross layer of low rank, second half: x0 · (U t + c) + x, where t = Vᵀ x has a column a rank. */
export const dcn_cross_low_rank = defineInteraction({
  name: 'dcn_cross_low_rank',
  inputs: { x0: jagged('l', 'k'), x: jagged('l', 'k'), t: jagged('l', 'r'), u: dense('k', 'r'), c: dense('k') },
  output: jagged('l', 'k'),
  value: ({ t, u }) => u * t,
  reduce: sum('r'),
  epilogue: (y, { x0, x, c }) => x0 * (y + c) + x,
})
