import { defineInteraction, dense, jagged, sum } from 'serrate'

/** How many rows of each sequence the mask keeps. */
export const mask_lengths = defineInteraction({
  name: 'mask_lengths',
  inputs: { mask: jagged('l', { dtype: 'i32' }) },
  output: dense('b', { dtype: 'i32' }),
  value: ({ mask }) => (mask !== 0 ? 1 : 0),
  reduce: sum('l'),
  epilogue: (kept) => Math.floor(kept),
})
