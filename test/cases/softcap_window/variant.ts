import { and, causal, defineAttention, scalar, slidingWindow, softcap } from 'serrate'

export const softcap_window = defineAttention({
  name: 'softcap_window',
  captures: { window: scalar('i32') },
  scoreMod: softcap(20),
  maskMod: and(causal, slidingWindow),
})
