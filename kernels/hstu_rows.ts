import { defineAttention, hstuMask, perSequence, perToken, pointwise, scalar, silu } from 'serrate'

/** HSTU whose scale is given per row (`attn_scale` of shape [ΣL]). */
export const hstu_rows = defineAttention({
  name: 'hstu_rows',
  captures: {
    numTargets: perSequence('i32', { range: [0, 24] }), contextual: scalar('i32', { default: 0, range: [0, 6] }), maxAttnLen: scalar('i32', { default: 0, range: [0, 48] }),
    minFullAttnSeqLen: scalar('i32', { default: 0, range: [0, 24] }),
    attnScale: perToken('f32', { range: [0.001, 0.05] }),
  },
  smScale: scalar('f32', { name: 'alpha', range: [0.05, 0.3] }),
  normalizer: pointwise(silu, (seq: { attnScale: { q: number } }) => seq.attnScale.q),
  maskMod: hstuMask,
})
