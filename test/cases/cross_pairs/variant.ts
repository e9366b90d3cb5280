import { causal, defineAttention, pair, perHead, perToken, softmax } from 'serrate'

/** Keys of their own, two-sided and pair captures, a sink. */
export const cross_pairs = defineAttention({
  name: 'cross_pairs',
  layout: { queries: 'jagged' },
  captures: { bias: pair('f32', { layout: 'jagged', perHead: true }), span: perToken('i32', { columns: 2 }), logit: perHead('f32') },
  scoreMod: (score, _b, _h, q, kv, seq) => score + seq.bias(q, kv),
  maskMod: (b, h, q, kv, seq) => causal(b, h, q, kv, seq) && kv >= seq.span.q(0),
  normalizer: softmax({ sink: (seq: { logit: number }) => seq.logit }),
})
