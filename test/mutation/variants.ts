import { causal, defineAttention, table } from 'serrate'

/** The first row of every sequence keeps nothing. */
export const strictly_causal = defineAttention({ name: 'strictly_causal', maskMod: (_b, _h, q, kv) => kv < q })

/** Reads its table outside its ends on pairs that the mask drops: only a clamping kernel stays inside. */
export const raw_table = defineAttention({
  name: 'raw_table',
  captures: { bias: table('f32', { length: 256 }) },
  scoreMod: (score, _b, _h, q, kv, seq) => score + seq.bias(q - kv),
  maskMod: causal,
})
