import { defineInteraction, dense, jagged, outer } from 'serrate'

/** FBGEMM `sll_jagged_dense_elementwise_mul_jagged_out`: each sequence's matrix times one shared matrix, element by element. */
export const jagged2_dense_mul = defineInteraction({
  name: 'jagged2_dense_mul',
  inputs: { x: jagged(outer('i', 'j')), y: dense('i', 'j') },
  output: jagged(outer('i', 'j')),
  value: ({ x, y }) => x * y,
})
