import { defineInteraction, jagged } from 'serrate'

/** The rows of each sequence in the given order: row `order` of x, 0 where there is none. */
export const permute = defineInteraction({
  name: 'permute',
  inputs: { x: jagged('m', 'd'), order: jagged('l', { dtype: 'i32' }) },
  output: jagged('l', 'd'),
  lengths: { l: (seq) => seq.lengths.m },
  index: { m: (_at, _seq, { order }) => order },
  value: ({ x }) => x,
})
