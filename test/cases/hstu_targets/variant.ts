import { defineAttention, perSequence, pointwise, scalar, silu } from 'serrate'

export const hstu_targets = defineAttention({
  name: 'hstu_targets',
  captures: { numTargets: perSequence('i32'), maxSeqLen: scalar('i32') },
  normalizer: pointwise(silu, (seq: { maxSeqLen: number }) => 1 / seq.maxSeqLen),
  maskMod: (_b, _h, q, kv, seq) => q === kv || (kv < q && kv < seq.qLen - seq.numTargets),
})
