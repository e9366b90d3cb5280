import { defineInteraction, jagged, prefixSum } from 'serrate'

/** The running sum of the rows of each sequence, for each column. */
export const jagged_cumsum = defineInteraction({
  name: 'jagged_cumsum',
  inputs: { x: jagged('l', 'd') },
  output: jagged('l', 'd'),
  value: ({ x }) => x,
  reduce: prefixSum('l'),
})
