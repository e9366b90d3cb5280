import { defineInteraction, dense, jagged } from 'serrate'

/** FBGEMM `sll_dense_jagged_cat_jagged_out`: one value before each sequence. */
export const prepend = defineInteraction({
  name: 'prepend',
  inputs: { first: dense('b'), x: jagged('m') },
  output: jagged('l'),
  lengths: { l: (seq) => seq.lengths.m + 1 },
  index: { m: (at) => at.l - 1 },
  value: ({ first, x }, at) => (at.l === 0 ? first : x),
})
