import { defineInteraction, dense, reread, sum } from 'serrate'

/** The place of each key from the smallest to the largest, equal ones in their order: those before it, counted. */
export const ranks_ascending = defineInteraction({
  name: 'ranks_ascending',
  inputs: { key: dense('b', { dtype: 'i32' }), other: reread('key', dense('s')) },
  output: dense('b', { dtype: 'i32' }),
  value: ({ key, other }, at) => (other < key || (other === key && at.s < at.b) ? 1 : 0),
  reduce: sum('s'),
  epilogue: (before) => Math.floor(before),
})
