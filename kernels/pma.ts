import { defineAttention } from 'serrate'

/** Pooling by attention: the same T queries over every sequence (Set Transformer's PMA; GDPA's `broadcast_q`). */
export const pma = defineAttention({ name: 'pma', layout: { queries: 'broadcast' } })
