import { causal, defineAttention, softcap as softcapMod } from 'serrate'

/** Causal attention with scores limited to ±30. */
export const softcap = defineAttention({ name: 'softcap', scoreMod: softcapMod(30), maskMod: causal })
