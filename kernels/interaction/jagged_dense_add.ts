import { defineInteraction, dense, jagged } from 'serrate'

/** FBGEMM `jagged_dense_elementwise_add_jagged_output`: x + y_b; rows past the padding keep x. */
export const jagged_dense_add = defineInteraction({
  name: 'jagged_dense_add',
  inputs: { x: jagged('l', 'd'), y: dense('b', 'l', 'd') },
  output: jagged('l', 'd'),
  value: ({ x, y }) => x + y,
})
