import { defineInteraction, dense, jagged, sum } from 'serrate'

/** generative-recommenders `jagged_reduce_sum`: Σ of the rows of a sequence. */
export const jagged_sum = defineInteraction({
  name: 'jagged_sum',
  inputs: { x: jagged('l', 'd') },
  output: dense('b', 'd'),
  value: ({ x }) => x,
  reduce: sum('l'),
})
