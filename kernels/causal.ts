import { causal as causalMask, defineAttention } from 'serrate'

/** Each query sees itself and the past of its own sequence. */
export const causal = defineAttention({ name: 'causal', maskMod: causalMask })
