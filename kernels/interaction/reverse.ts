import { defineInteraction, jagged } from 'serrate'

/** The rows of each sequence from the last to the first. */
export const reverse = defineInteraction({
  name: 'reverse',
  inputs: { x: jagged('m', 'd') },
  output: jagged('l', 'd'),
  lengths: { l: (seq) => seq.lengths.m },
  index: { m: (at, seq) => seq.lengths.m - 1 - at.l },
  value: ({ x }) => x,
})
