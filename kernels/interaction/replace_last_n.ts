import { defineInteraction, jagged } from 'serrate'

/** generative-recommenders `replace_last_n_with_jagged`: the last rows of x become those of y; where y is longer, its last rows. */
export const replace_last_n = defineInteraction({
  name: 'replace_last_n',
  inputs: { x: jagged('m', 'd'), y: jagged('n', 'd') },
  output: jagged('l', 'd'),
  lengths: { l: (seq) => seq.lengths.m },
  index: { m: (at) => at.l, n: (at, seq) => at.l - (seq.lengths.m - seq.lengths.n) },
  value: ({ x, y }, at, { lengths }) => (at.l < lengths.m - lengths.n ? x : y),
})
