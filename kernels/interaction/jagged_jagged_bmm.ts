import { defineInteraction, dense, jagged, sum } from 'serrate'

/** FBGEMM `jagged_jagged_bmm`: X_bᵀ · Y_b, a matrix a sequence. */
export const jagged_jagged_bmm = defineInteraction({
  name: 'jagged_jagged_bmm',
  inputs: { x: jagged('l', 'd'), y: jagged('l', 'k') },
  output: dense('b', 'd', 'k'),
  value: ({ x, y }) => x * y,
  reduce: sum('l'),
})
