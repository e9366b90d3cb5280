import { defineInteraction, dense, jagged } from 'serrate'

/** generative-recommenders `concat_2D_jagged` with a dense left side: its rows, then those of `right`, in each sequence. */
export const concat_dense_left = defineInteraction({
  name: 'concat_dense_left',
  inputs: { left: dense('b', 'p', 'd'), right: jagged('j', 'd') },
  output: jagged('l', 'd'),
  lengths: { l: (seq) => seq.sizes.p + seq.lengths.j },
  index: { p: (at) => at.l, j: (at, seq) => at.l - seq.sizes.p },
  value: ({ left, right }, at, { sizes }) => (at.l < sizes.p ? left : right),
})
