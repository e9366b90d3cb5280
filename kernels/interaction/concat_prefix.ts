import { clamp, defineInteraction, jagged, perSequence, reread } from 'serrate'

/** generative-recommenders `concat_2D_jagged` with `n_prefix_from_right`: the first `prefix` rows of `right`, all of `left`, the rest of `right`. */
export const concat_prefix = defineInteraction({
  name: 'concat_prefix',
  captures: { prefix: perSequence('i32', { range: [0, 12] }) },
  inputs: { left: jagged('i', 'd'), right: jagged('j', 'd'), start: reread('right', jagged('q', 'd')) },
  output: jagged('l', 'd'),
  lengths: { l: (seq) => seq.lengths.i + seq.lengths.j },
  index: { q: (at) => at.l, i: (at, seq) => at.l - clamp(seq.prefix, 0, seq.lengths.j), j: (at, seq) => at.l - seq.lengths.i },
  value: ({ left, right, start }, at, { prefix, lengths }) =>
    at.l < clamp(prefix, 0, lengths.j) ? start : at.l < clamp(prefix, 0, lengths.j) + lengths.i ? left : right,
})
