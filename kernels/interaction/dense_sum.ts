import { defineInteraction, dense, sum } from 'serrate'

/** The sum of each sequence's row. */
export const dense_sum = defineInteraction({
  name: 'dense_sum',
  inputs: { x: dense('b', 'd') },
  output: dense('b'),
  value: ({ x }) => x,
  reduce: sum('d'),
})
