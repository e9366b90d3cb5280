import { defineInteraction, jagged } from 'serrate'

/** generative-recommenders `jagged_remove_first_or_last_1D`, first: each sequence without its first value. */
export const remove_first = defineInteraction({
  name: 'remove_first',
  inputs: { x: jagged('m') },
  output: jagged('l'),
  lengths: { l: (seq) => Math.max(seq.lengths.m - 1, 0) },
  index: { m: (at) => at.l + 1 },
  value: ({ x }) => x,
})
