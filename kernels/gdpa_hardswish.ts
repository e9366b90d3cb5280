import { defineAttention, hardswish, pointwise, scalar } from 'serrate'

/** Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: hard swish. */
export const gdpa_hardswish = defineAttention({
  name: 'gdpa_hardswish',
  captures: { qkScale: scalar('f32', { default: 1, range: [0.01, 1] }) },
  smScale: 1,
  normalizer: pointwise(hardswish, (seq: { qkScale: number }) => seq.qkScale),
})
