import { defineInteraction, dense, jagged, sum } from 'serrate'

/** FBGEMM `batched_dense_vec_jagged_2d_mul`: v_bh · A_bh over the rows of a sequence. */
export const batched_dense_vec_jagged_2d_mul = defineInteraction({
  name: 'batched_dense_vec_jagged_2d_mul',
  inputs: { v: dense('b', 'h', 'l'), a: jagged('l', 'h', 'd') },
  output: dense('b', 'h', 'd'),
  value: ({ v, a }) => v * a,
  reduce: sum('l'),
})
