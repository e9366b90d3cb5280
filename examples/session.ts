import { causal, defineAttention, perToken } from 'serrate'

/** A query sees earlier events of its own session: `session` numbers the events of a user's history. */
export const session = defineAttention({
  name: 'session',
  captures: { session: perToken('i32', { range: [0, 3] }) },
  maskMod: (b, h, q, kv, seq) => causal(b, h, q, kv) && seq.session.q === seq.session.kv,
})
