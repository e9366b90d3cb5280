import { causal, defineAttention } from 'serrate'

/** Cross-attention whose last query is level with the last key (bottom-right causal). */
export const cross_causal = defineAttention({ name: 'cross_causal', layout: { queries: 'jagged', align: 'end' }, maskMod: causal })
