import { defineInteraction, dense, jagged, scalar } from 'serrate'

/** FBGEMM `keyed_jagged_index_select_dim1`: of every key the sequences `ids`, `count` of them; a key has `batch` sequences. Others than 0..batch-1 give an empty one. */
export const keyed_jagged_index_select = defineInteraction({
  name: 'keyed_jagged_index_select',
  captures: { batch: scalar('i32', { range: [1, 3] }), count: scalar('i32', { range: [1, 4] }) },
  inputs: { x: jagged('m', 'd', { batch: 's' }), ids: dense('i', { dtype: 'i32' }) },
  output: jagged('l', 'd'),
  lengths: { l: (seq) => seq.lengths.m },
  index: { i: (at, { count }) => at.b % count, s: (at, { batch, count }, { ids }) => (ids >= 0 && ids < batch ? Math.floor(at.b / count) * batch + ids : -1), m: (at) => at.l },
  value: ({ x }) => x,
})
