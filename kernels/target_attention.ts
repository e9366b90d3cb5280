import { defineAttention } from 'serrate'

/** T dense queries a sequence over its jagged keys, as in DIN and TransAct. */
export const target_attention = defineAttention({ name: 'target_attention', layout: { queries: 'dense' } })
