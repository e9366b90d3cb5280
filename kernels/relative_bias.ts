import { causal, defineAttention, relativeBias, table } from 'serrate'

/** Causal attention with a learned bias per head and relative position, up to 128 positions away. */
export const relative_bias = defineAttention({
  name: 'relative_bias',
  captures: { bias: table('f32', { perHead: true, length: 257 }) },
  scoreMod: relativeBias(128),
  maskMod: causal,
})
