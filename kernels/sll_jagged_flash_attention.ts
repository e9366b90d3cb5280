import { defineAttention, scalar, softmax } from 'serrate'

/** FBGEMM's `sll_jagged_flash_attention_basic` and `sll_multi_head_jagged_flash_attention`: no 1/√d, softmax divided by N. */
export const sll_jagged_flash_attention = defineAttention({
  name: 'sll_jagged_flash_attention',
  captures: { maxSeqLen: scalar('f32', { range: [1, 256] }) },
  smScale: 1,
  normalizer: softmax({ scale: (seq: { maxSeqLen: number }) => 1 / seq.maxSeqLen }),
})
