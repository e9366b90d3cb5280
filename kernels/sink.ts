import { causal, defineAttention, perHead, softmax } from 'serrate'

/** Causal attention with a learned logit per head in the softmax's sum (attention sink). */
export const sink = defineAttention({
  name: 'sink',
  captures: { sinkLogit: perHead('f32', { range: [-2, 2] }) },
  maskMod: causal,
  normalizer: softmax({ sink: (seq: { sinkLogit: number }) => seq.sinkLogit }),
})
