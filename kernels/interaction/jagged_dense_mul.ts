import { defineInteraction, dense, jagged } from 'serrate'

/** FBGEMM `jagged_dense_elementwise_mul`: x · y_b; rows past the padding give 0. */
export const jagged_dense_mul = defineInteraction({
  name: 'jagged_dense_mul',
  inputs: { x: jagged('l', 'd'), y: dense('b', 'l', 'd') },
  output: jagged('l', 'd'),
  value: ({ x, y }) => x * y,
})
