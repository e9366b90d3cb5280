import { clamp, defineInteraction, jagged, perSequence } from 'serrate'

/** generative-recommenders `split_2D_jagged`, left side: the first `count` rows of each sequence. */
export const split_left = defineInteraction({
  name: 'split_left',
  captures: { count: perSequence('i32', { range: [0, 40] }) },
  inputs: { x: jagged('m', 'd') },
  output: jagged('l', 'd'),
  lengths: { l: (seq) => clamp(seq.count, 0, seq.lengths.m) },
  index: { m: (at) => at.l },
  value: ({ x }) => x,
})
