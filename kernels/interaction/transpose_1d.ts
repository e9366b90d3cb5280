import { defineInteraction, jagged, scalar } from 'serrate'

/** generative-recommenders `jagged_transpose_1d`: sequences numbered row · columns + column become column · rows + row. */
export const transpose_1d = defineInteraction({
  name: 'transpose_1d',
  captures: { rows: scalar('i32', { range: [1, 4] }), columns: scalar('i32', { range: [1, 4] }) },
  inputs: { x: jagged('m', { batch: 's' }) },
  output: jagged('l'),
  lengths: { l: (seq) => seq.lengths.m },
  index: { s: (at, { rows, columns }) => (at.b % rows) * columns + Math.floor(at.b / rows), m: (at) => at.l },
  value: ({ x }) => x,
})
