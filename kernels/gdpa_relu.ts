import { defineAttention, pointwise, relu, scalar } from 'serrate'

/** Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: ReLU. */
export const gdpa_relu = defineAttention({
  name: 'gdpa_relu',
  captures: { qkScale: scalar('f32', { default: 1, range: [0.01, 1] }) },
  smScale: 1,
  normalizer: pointwise(relu, (seq: { qkScale: number }) => seq.qkScale),
})
