import { defineAttention, pair, pairBias } from 'serrate'

/** Attention with a dense bias [B, Hr, N, N], Hr any divisor of the heads (PyTorch's `attn_mask`, HSTU's `rab`). */
export const pair_bias = defineAttention({
  name: 'pair_bias',
  captures: { bias: pair('f32', { layout: 'dense', perHead: true }) },
  scoreMod: pairBias,
})
