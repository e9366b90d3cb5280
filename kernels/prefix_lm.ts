import { causal, defineAttention, or, perSequence, prefix } from 'serrate'

/** The first `prefix` tokens of a sequence see each other; the rest is causal. */
export const prefix_lm = defineAttention({
  name: 'prefix_lm',
  captures: { prefix: perSequence('i32', { range: [0, 64] }) },
  maskMod: or(causal, prefix),
})
