import { and, causal, defineAttention, perSequence, scalar, targetGroups } from 'serrate'

/** Candidates in groups: each sees the history and what came before it in its own group. */
export const target_groups = defineAttention({
  name: 'target_groups',
  captures: { numTargets: perSequence('i32', { range: [0, 24] }), groupSize: scalar('i32', { range: [1, 5] }) },
  maskMod: and(causal, targetGroups),
})
