import { defineAttention, scalar, softmax } from 'serrate'

/** The same with `use_mask`: keeps j >= i after the softmax, without renormalising. */
export const sll_jagged_flash_attention_masked = defineAttention({
  name: 'sll_jagged_flash_attention_masked',
  captures: { maxSeqLen: scalar('f32', { range: [1, 256] }) },
  smScale: 1,
  normalizer: softmax({ scale: (seq: { maxSeqLen: number }) => 1 / seq.maxSeqLen, keepAfter: (_b, _h, q, kv) => kv >= q }),
})
