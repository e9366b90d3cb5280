import { defineInteraction, jagged, outer, reread } from 'serrate'

/** FBGEMM `sll_jagged_self_substraction_jagged_out`: a_i - a_{j+1}, 0 <= i, j < L - 1. */
export const jagged_self_subtraction = defineInteraction({
  name: 'jagged_self_subtraction',
  inputs: { left: jagged('l'), right: reread('left', jagged('m')) },
  output: jagged(outer('i', 'j')),
  lengths: { i: (seq) => Math.max(seq.lengths.l - 1, 0), j: (seq) => seq.lengths.i },
  index: { l: (at) => at.i, m: (at) => at.j + 1 },
  value: ({ left, right }) => left - right,
})
