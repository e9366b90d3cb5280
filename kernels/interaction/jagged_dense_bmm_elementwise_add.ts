import { defineInteraction, dense, jagged, sum } from 'serrate'

/** generative-recommenders `jagged_dense_bmm` with an elementwise bias: X_b · W_b + bias. */
export const jagged_dense_bmm_elementwise_add = defineInteraction({
  name: 'jagged_dense_bmm_elementwise_add',
  inputs: { x: jagged('l', 'd'), w: dense('b', 'd', 'k'), bias: jagged('l', 'k') },
  output: jagged('l', 'k'),
  value: ({ x, w }) => x * w,
  reduce: sum('d'),
  epilogue: (y, { bias }) => y + bias,
})
