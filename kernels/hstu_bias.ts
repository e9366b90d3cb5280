import { clamp, defineAttention, hstuMask, perSequence, perToken, pointwise, scalar, silu, table, timeBucketBias } from 'serrate'

const time = timeBucketBias(64, 60)
/** HSTU with relative attention bias: square-root time buckets and positions up to 128 apart, added after α. */
export const hstu_bias = defineAttention({
  name: 'hstu_bias',
  captures: {
    numTargets: perSequence('i32', { range: [0, 24] }), contextual: scalar('i32', { default: 0, range: [0, 6] }), maxAttnLen: scalar('i32', { default: 0, range: [0, 48] }),
    minFullAttnSeqLen: scalar('i32', { default: 0, range: [0, 24] }),
    maxSeqLen: scalar('i32', { range: [64, 256] }), timestamps: perToken('f32', { range: [0, 1e5] }), timeBias: table('f32', { length: 65 }), positionBias: table('f32', { length: 257 }),
  },
  smScale: scalar('f32', { name: 'alpha', range: [0.05, 0.3] }),
  scoreMod: (score, b, h, q, kv, seq) => time(score, b, h, q, kv, seq) + seq.positionBias(clamp(kv - q, -128, 128) + 128),
  normalizer: pointwise(silu, (seq: { maxSeqLen: number }) => 1 / seq.maxSeqLen),
  maskMod: hstuMask,
})
