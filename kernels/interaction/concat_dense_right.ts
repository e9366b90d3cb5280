import { defineInteraction, dense, jagged } from 'serrate'

/** generative-recommenders `concat_2D_jagged` with a dense right side: the rows of `left`, then the dense ones, in each sequence. */
export const concat_dense_right = defineInteraction({
  name: 'concat_dense_right',
  inputs: { left: jagged('i', 'd'), right: dense('b', 'p', 'd') },
  output: jagged('l', 'd'),
  lengths: { l: (seq) => seq.lengths.i + seq.sizes.p },
  index: { i: (at) => at.l, p: (at, seq) => at.l - seq.lengths.i },
  value: ({ left, right }, at, { lengths }) => (at.l < lengths.i ? left : right),
})
