import { and, causal, defineAttention, scalar, semiLocal } from 'serrate'

/** Causal attention to the last `local` tokens and the first `global` ones. */
export const semi_local = defineAttention({
  name: 'semi_local',
  captures: { local: scalar('i32', { range: [1, 64] }), global: scalar('i32', { range: [0, 32] }) },
  maskMod: and(causal, semiLocal),
})
