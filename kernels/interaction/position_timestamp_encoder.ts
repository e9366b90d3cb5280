import { clamp, defineInteraction, dense, jagged, perSequence, reread, scalar } from 'serrate'

/** generative-recommenders `add_timestamp_positional_embeddings`: α x, the row of the position from the end, and that of √(seconds to the last / 60). */
export const position_timestamp_encoder = defineInteraction({
  name: 'position_timestamp_encoder',
  captures: { numTargets: perSequence('i32', { range: [0, 8] }), contextual: scalar('i32', { default: 0, range: [0, 4] }), alpha: scalar('f32') },
  inputs: { x: jagged('l', 'd'), time: jagged('l', { dtype: 'i32' }), last: reread('time', jagged('z')), positions: dense('p', 'd'), buckets: dense('q', 'd') },
  output: jagged('l', 'd'),
  index: {
    p: (at, seq) => clamp(Math.max(seq.lengths.l - seq.numTargets - at.l, 0) + seq.contextual, 0, seq.sizes.p - 1),
    q: (_at, seq, v) => clamp(Math.floor(Math.sqrt(Math.max(v.last - v.time, 1e-6) / 60)), 0, seq.sizes.q - 1), z: (_at, seq) => seq.lengths.l - 1,
  },
  value: ({ x, positions, buckets }, _at, { alpha }) => alpha * x + positions + buckets,
})
