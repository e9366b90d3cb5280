import { defineAttention, geluTaylor, pointwise, scalar } from 'serrate'

/** Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: GELU's Taylor polynomial of degree 6. */
export const gdpa_gelu_taylor = defineAttention({
  name: 'gdpa_gelu_taylor',
  captures: { qkScale: scalar('f32', { default: 1, range: [0.01, 1] }) },
  smScale: 1,
  normalizer: pointwise(geluTaylor, (seq: { qkScale: number }) => seq.qkScale),
})
