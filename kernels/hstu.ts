import { defineAttention, hstuMask, perSequence, pointwise, scalar, silu } from 'serrate'

const captures = {
  numTargets: perSequence('i32', { range: [0, 24] }),
  contextual: scalar('i32', { default: 0, range: [0, 6] }),
  maxAttnLen: scalar('i32', { default: 0, range: [0, 48] }),
  minFullAttnSeqLen: scalar('i32', { default: 0, range: [0, 24] }),
  maxSeqLen: scalar('i32', { range: [64, 256] }),
}
/** HSTU (Zhai et al. 2024): SiLU attention over history and targets, scaled by 1 / max_seq_len. */
export const hstu = defineAttention({
  name: 'hstu',
  captures,
  smScale: scalar('f32', { name: 'alpha', range: [0.05, 0.3] }),
  normalizer: pointwise(silu, (seq: { maxSeqLen: number }) => 1 / seq.maxSeqLen),
  maskMod: hstuMask,
})
