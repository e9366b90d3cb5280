import { defineInteraction, jagged, sum } from 'serrate'

/** FBGEMM `jagged_index_add_2d` by lists: to each sequence the rows of all sequences that its list names, in the list's order. Its gradient is `jagged_index_select` by the numbers that the lists were made of. */
export const jagged_index_add = defineInteraction({
  name: 'jagged_index_add',
  inputs: { x: jagged('m', 'd', { batch: 's' }), items: jagged('k', { dtype: 'i32' }) },
  output: jagged('l', 'd'),
  index: { s: (_at, _seq, { items }) => items, m: (at) => at.l },
  value: ({ x }) => x,
  reduce: sum('k'),
  gradient: { x: 'none' },
})
