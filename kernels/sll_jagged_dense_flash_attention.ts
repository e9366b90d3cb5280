import { defineAttention, pair } from 'serrate'

/** FBGEMM's `sll_jagged_dense_flash_attention`: dense queries [B, T, D], jagged keys, bias [B, N, T] read at (key, query). */
export const sll_jagged_dense_flash_attention = defineAttention({
  name: 'sll_jagged_dense_flash_attention',
  layout: { queries: 'dense' },
  captures: { bias: pair('f32', { layout: 'dense' }) },
  smScale: 1,
  scoreMod: (score, _b, _h, q, kv, seq) => score + seq.bias(kv, q),
})
