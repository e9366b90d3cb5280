import { defineInteraction, dense, jagged } from 'serrate'

/** FBGEMM `jagged_index_select`: whole sequences by their numbers; others than 0..n-1 give an empty one. */
export const jagged_index_select = defineInteraction({
  name: 'jagged_index_select',
  inputs: { x: jagged('m', 'd', { batch: 's' }), ids: dense('b', { dtype: 'i32' }) },
  output: jagged('l', 'd'),
  lengths: { l: (seq) => seq.lengths.m },
  index: { s: (_at, _seq, { ids }) => ids, m: (at) => at.l },
  value: ({ x }) => x,
})
