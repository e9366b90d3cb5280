import { defineAttention, leakyRelu, pointwise, scalar } from 'serrate'

/** Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: leaky ReLU, 0.01 below 0. */
export const gdpa_leaky_relu = defineAttention({
  name: 'gdpa_leaky_relu',
  captures: { qkScale: scalar('f32', { default: 1, range: [0.01, 1] }) },
  smScale: 1,
  normalizer: pointwise(leakyRelu, (seq: { qkScale: number }) => seq.qkScale),
})
