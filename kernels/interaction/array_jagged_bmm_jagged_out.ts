import { defineInteraction, jagged, outer, sum } from 'serrate'

/** FBGEMM `sll_array_jagged_bmm_jagged_out`: A_b · Y_b, A_b of any number of rows and columns. */
export const array_jagged_bmm_jagged_out = defineInteraction({
  name: 'array_jagged_bmm_jagged_out',
  inputs: { a: jagged(outer('i', 'j')), y: jagged('j', 'd') },
  output: jagged('i', 'd'),
  value: ({ a, y }) => a * y,
  reduce: sum('j'),
})
