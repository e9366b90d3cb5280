import { defineAttention, hstuMask, perSequence, pointwise, scalar, silu } from 'serrate'

/** HSTU's delta_q: the last Δ rows of each sequence, [B, Δ, H, d], against its whole history. */
export const hstu_delta = defineAttention({
  name: 'hstu_delta',
  layout: { queries: 'dense', align: 'end' },
  captures: {
    numTargets: perSequence('i32', { range: [0, 24] }), contextual: scalar('i32', { default: 0, range: [0, 6] }), maxAttnLen: scalar('i32', { default: 0, range: [0, 48] }),
    minFullAttnSeqLen: scalar('i32', { default: 0, range: [0, 24] }),
    maxSeqLen: scalar('i32', { range: [64, 256] }),
  },
  smScale: scalar('f32', { name: 'alpha', range: [0.05, 0.3] }),
  normalizer: pointwise(silu, (seq: { maxSeqLen: number }) => 1 / seq.maxSeqLen),
  maskMod: hstuMask,
})
