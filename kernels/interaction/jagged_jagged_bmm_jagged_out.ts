import { defineInteraction, jagged, outer, sum } from 'serrate'

/** FBGEMM `sll_jagged_jagged_bmm_jagged_out`: X_b · Y_bᵀ, where the two may differ in length. */
export const jagged_jagged_bmm_jagged_out = defineInteraction({
  name: 'jagged_jagged_bmm_jagged_out',
  inputs: { x: jagged('i', 'k'), y: jagged('j', 'k') },
  output: jagged(outer('i', 'j')),
  value: ({ x, y }) => x * y,
  reduce: sum('k'),
})
