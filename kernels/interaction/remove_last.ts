import { defineInteraction, jagged } from 'serrate'

/** generative-recommenders `jagged_remove_first_or_last_1D`, last: each sequence without its last value. */
export const remove_last = defineInteraction({
  name: 'remove_last',
  inputs: { x: jagged('m') },
  output: jagged('l'),
  lengths: { l: (seq) => Math.max(seq.lengths.m - 1, 0) },
  index: { m: (at) => at.l },
  value: ({ x }) => x,
})
