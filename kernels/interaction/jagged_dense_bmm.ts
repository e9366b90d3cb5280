import { defineInteraction, dense, jagged, sum } from 'serrate'

/** FBGEMM `jagged_dense_bmm`: rows of each sequence times its own matrix. */
export const jagged_dense_bmm = defineInteraction({
  name: 'jagged_dense_bmm',
  inputs: { x: jagged('l', 'd'), w: dense('b', 'd', 'k') },
  output: jagged('l', 'k'),
  value: ({ x, w }) => x * w,
  reduce: sum('d'),
})
