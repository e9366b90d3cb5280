import { defineInteraction, jagged } from 'serrate'

/** The rows that the mask keeps, each to its place in the sequence. The output's offsets are given: those of `mask_lengths`. */
export const masked_rows = defineInteraction({
  name: 'masked_rows',
  inputs: { x: jagged('m', 'd'), mask: jagged('m', { dtype: 'i32' }), place: jagged('m', { dtype: 'i32' }) },
  output: jagged('l', 'd'),
  scatter: { l: (_at, _seq, { mask, place }) => (mask !== 0 ? place : -1) },
  value: ({ x }) => x,
})
