import { defineAttention } from 'serrate'

/** Target attention of many candidates that share their request's history. */
export const shared_target_attention = defineAttention({ name: 'shared_target_attention', layout: { queries: 'dense', keys: 'shared' } })
