import { defineInteraction, dense, ends, prefixSum } from 'serrate'

/** FBGEMM `asynchronous_complete_cumsum`: B + 1 offsets of B lengths. Sums past 2^31 - 1 wrap around. */
export const offsets_of_lengths = defineInteraction({
  name: 'offsets_of_lengths',
  inputs: { lengths: dense('b', { dtype: 'i32' }) },
  output: dense(ends('b'), { dtype: 'i32' }),
  value: ({ lengths }) => lengths,
  reduce: prefixSum('b'),
})
