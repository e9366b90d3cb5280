import { defineInteraction, jagged } from 'serrate'

/** generative-recommenders `concat_2D_jagged`: the rows of `left`, then those of `right`, in each sequence. */
export const concat = defineInteraction({
  name: 'concat',
  inputs: { left: jagged('i', 'd'), right: jagged('j', 'd') },
  output: jagged('l', 'd'),
  lengths: { l: (seq) => seq.lengths.i + seq.lengths.j },
  index: { i: (at) => at.l, j: (at, seq) => at.l - seq.lengths.i },
  value: ({ left, right }, at, { lengths }) => (at.l < lengths.i ? left : right),
})
