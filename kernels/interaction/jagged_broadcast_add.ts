import { defineInteraction, dense, jagged } from 'serrate'

/** generative-recommenders `jagged_dense_broadcast_add`: x + y_b, one row of y a sequence. */
export const jagged_broadcast_add = defineInteraction({
  name: 'jagged_broadcast_add',
  inputs: { x: jagged('l', 'd'), y: dense('b', 'd') },
  output: jagged('l', 'd'),
  value: ({ x, y }) => x + y,
})
