import { causal, defineAttention, scalar } from 'serrate'

/** Causal attention that prefers recent keys: every position back costs `decay`. */
export const recency = defineAttention({
  name: 'recency',
  captures: { decay: scalar('f32', { range: [0, 0.2] }) },
  scoreMod: (score, _b, _h, q, kv, seq) => score - seq.decay * (q - kv),
  maskMod: causal,
})
