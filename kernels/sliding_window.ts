import { and, causal, defineAttention, scalar, slidingWindow } from 'serrate'

/** Each query sees itself and the `window` tokens before it. */
export const sliding_window = defineAttention({
  name: 'sliding_window',
  captures: { window: scalar('i32', { range: [0, 96] }) },
  maskMod: and(causal, slidingWindow),
})
