import { defineInteraction, dense, jagged, sum } from 'serrate'

/** `jagged_dense_bmm` with one matrix for every sequence: X_b · W. */
export const jagged_dense_bmm_shared = defineInteraction({
  name: 'jagged_dense_bmm_shared',
  inputs: { x: jagged('l', 'd'), w: dense('d', 'k') },
  output: jagged('l', 'k'),
  value: ({ x, w }) => x * w,
  reduce: sum('d'),
})
