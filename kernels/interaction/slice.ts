import { clamp, defineInteraction, jagged, perSequence } from 'serrate'

/** FBGEMM `jagged_slice`: `count` rows of each sequence from `start` on, fewer where it ends. */
export const slice = defineInteraction({
  name: 'slice',
  captures: { start: perSequence('i32', { range: [0, 20] }), count: perSequence('i32', { range: [0, 40] }) },
  inputs: { x: jagged('m', 'd') },
  output: jagged('l', 'd'),
  lengths: { l: (seq) => clamp(Math.min(seq.count, seq.lengths.m - seq.start), 0, seq.lengths.m) },
  index: { m: (at, seq) => at.l + seq.start },
  value: ({ x }) => x,
})
