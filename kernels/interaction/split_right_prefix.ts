import { clamp, defineInteraction, jagged, perSequence, reread } from 'serrate'

/** generative-recommenders `split_2D_jagged` with `n_prefix_to_right`, right side: each sequence without the `count` rows from `start` on; `slice` has those. */
export const split_right_prefix = defineInteraction({
  name: 'split_right_prefix',
  captures: { start: perSequence('i32', { range: [0, 20] }), count: perSequence('i32', { range: [0, 40] }) },
  inputs: { x: jagged('m', 'd'), prefix: reread('x', jagged('q', 'd')) },
  output: jagged('l', 'd'),
  lengths: { l: (seq) => seq.lengths.m - clamp(Math.min(seq.count, seq.lengths.m - seq.start), 0, seq.lengths.m) },
  index: { q: (at) => at.l, m: (at, seq) => at.l + seq.lengths.m - seq.lengths.l },
  value: ({ x, prefix }, at, { start }) => (at.l < start ? prefix : x),
})
