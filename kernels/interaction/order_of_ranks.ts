import { defineInteraction, dense, reread, sum } from 'serrate'

/** The sequence of each rank: the inverse of a permutation of 0..B-1. */
export const order_of_ranks = defineInteraction({
  name: 'order_of_ranks',
  inputs: { rank: dense('b', { dtype: 'i32' }), ranks: reread('rank', dense('s')) },
  output: dense('b', { dtype: 'i32' }),
  value: ({ ranks }, at) => (ranks === at.b ? at.s : 0),
  reduce: sum('s'),
  epilogue: (sequence) => Math.floor(sequence),
})
