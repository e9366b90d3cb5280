import { alibi as alibiMod, causal, defineAttention, perHead } from 'serrate'

/** Causal attention with ALiBi's per-head linear bias. */
export const alibi = defineAttention({
  name: 'alibi',
  captures: { slope: perHead('f32', { range: [0.004, 0.5] }) },
  scoreMod: alibiMod,
  maskMod: causal,
})
