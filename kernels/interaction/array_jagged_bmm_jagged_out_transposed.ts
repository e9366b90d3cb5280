import { defineInteraction, jagged, outer, sum } from 'serrate'

/** FBGEMM `sll_array_jagged_bmm_jagged_out` with `transpose`: A_bᵀ · Y_b. */
export const array_jagged_bmm_jagged_out_transposed = defineInteraction({
  name: 'array_jagged_bmm_jagged_out_transposed',
  inputs: { a: jagged(outer('i', 'j')), y: jagged('i', 'd') },
  output: jagged('j', 'd'),
  value: ({ a, y }) => a * y,
  reduce: sum('i'),
})
