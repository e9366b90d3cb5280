import { defineAttention, fastGeluBf16, pointwise, scalar } from 'serrate'

/** Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: GELU's tanh form with its constant rounded to bf16. */
export const gdpa_fast_gelu_bf16 = defineAttention({
  name: 'gdpa_fast_gelu_bf16',
  captures: { qkScale: scalar('f32', { default: 1, range: [0.01, 1] }) },
  smScale: 1,
  normalizer: pointwise(fastGeluBf16, (seq: { qkScale: number }) => seq.qkScale),
})
