import { defineInteraction, dense, jagged, relu, sum } from 'serrate'

/** generative-recommenders `jagged_dense_bmm_broadcast_add`, with a ReLU: relu(X_b · W_b + bias_b). */
export const jagged_dense_bmm_add = defineInteraction({
  name: 'jagged_dense_bmm_add',
  inputs: { x: jagged('l', 'd'), w: dense('b', 'd', 'k'), bias: dense('b', 'k') },
  output: jagged('l', 'k'),
  value: ({ x, w }) => x * w,
  reduce: sum('d'),
  epilogue: (y, { bias }) => relu(y + bias),
})
