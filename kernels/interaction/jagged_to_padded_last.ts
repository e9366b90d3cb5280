import { defineInteraction, dense, jagged } from 'serrate'

/** generative-recommenders `expand_1d_jagged_to_dense`: padded with the last value; 0 for an empty sequence. */
export const jagged_to_padded_last = defineInteraction({
  name: 'jagged_to_padded_last',
  inputs: { x: jagged('m') },
  output: dense('b', 'l'),
  lengths: { l: (seq) => seq.lengths.m },
  index: { m: (at, seq) => Math.min(at.l, seq.lengths.m - 1) },
  value: ({ x }) => x,
})
