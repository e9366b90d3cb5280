import { clamp, defineInteraction, jagged, perSequence } from 'serrate'

/** generative-recommenders `split_2D_jagged`, right side: each sequence without its first `count` rows. */
export const split_right = defineInteraction({
  name: 'split_right',
  captures: { count: perSequence('i32', { range: [0, 40] }) },
  inputs: { x: jagged('m', 'd') },
  output: jagged('l', 'd'),
  lengths: { l: (seq) => seq.lengths.m - clamp(seq.count, 0, seq.lengths.m) },
  index: { m: (at, seq) => at.l + clamp(seq.count, 0, seq.lengths.m) },
  value: ({ x }) => x,
})
