import { defineInteraction, dense, jagged } from 'serrate'

/** FBGEMM `jagged_dense_dense_elementwise_add_jagged_output`: x + y0_b + y1_b. */
export const jagged_dense_dense_add = defineInteraction({
  name: 'jagged_dense_dense_add',
  inputs: { x: jagged('l', 'd'), y0: dense('b', 'l', 'd'), y1: dense('b', 'l', 'd') },
  output: jagged('l', 'd'),
  value: ({ x, y0, y1 }) => x + y0 + y1,
})
