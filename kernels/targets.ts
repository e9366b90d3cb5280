import { and, causal, defineAttention, perSequence, targets as targetsMask } from 'serrate'

/** Causal history; each candidate at the end sees the history and itself. */
export const targets = defineAttention({
  name: 'targets',
  captures: { numTargets: perSequence('i32', { range: [0, 24] }) },
  maskMod: and(causal, targetsMask),
})
