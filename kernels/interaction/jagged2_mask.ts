import { defineInteraction, dense, jagged, outer } from 'serrate'

/** FBGEMM `sll_jagged_dense_elementwise_mul_jagged_out` with a mask, which has no gradient: 0 where the shared mask is. */
export const jagged2_mask = defineInteraction({
  name: 'jagged2_mask',
  inputs: { x: jagged(outer('i', 'j')), mask: dense('i', 'j', { dtype: 'i32' }) },
  output: jagged(outer('i', 'j')),
  value: ({ x, mask }) => (mask !== 0 ? x : 0),
})
