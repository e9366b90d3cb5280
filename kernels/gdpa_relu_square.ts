import { defineAttention, pointwise, reluSquare, scalar } from 'serrate'

/** Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: squared ReLU. */
export const gdpa_relu_square = defineAttention({
  name: 'gdpa_relu_square',
  captures: { qkScale: scalar('f32', { default: 1, range: [0.01, 1] }) },
  smScale: 1,
  normalizer: pointwise(reluSquare, (seq: { qkScale: number }) => seq.qkScale),
})
