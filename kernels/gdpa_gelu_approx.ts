import { defineAttention, geluApprox, pointwise, scalar } from 'serrate'

/** Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: GELU's tanh form (also GDPA's `fast_gelu`). */
export const gdpa_gelu_approx = defineAttention({
  name: 'gdpa_gelu_approx',
  captures: { qkScale: scalar('f32', { default: 1, range: [0.01, 1] }) },
  smScale: 1,
  normalizer: pointwise(geluApprox, (seq: { qkScale: number }) => seq.qkScale),
})
