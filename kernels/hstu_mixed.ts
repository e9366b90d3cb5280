import { byHead, causal, defineAttention, pointwise, scalar, silu, softmax } from 'serrate'

type Seq = { softmaxHeads: number; maxSeqLen: number }
/** Softmax in the first `softmaxHeads` heads, SiLU in the others (HSTU's `num_softmax_heads`). */
export const hstu_mixed = defineAttention({
  name: 'hstu_mixed',
  captures: { softmaxHeads: scalar('i32', { range: [0, 4] }), maxSeqLen: scalar('i32', { range: [64, 256] }) },
  maskMod: causal,
  normalizer: byHead((seq: Seq) => seq.softmaxHeads, softmax(), pointwise(silu, (seq: Seq) => 1 / seq.maxSeqLen)),
})
