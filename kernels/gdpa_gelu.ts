import { defineAttention, geluErf, pointwise, scalar } from 'serrate'

/** Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: GELU with the error function. */
export const gdpa_gelu = defineAttention({
  name: 'gdpa_gelu',
  captures: { qkScale: scalar('f32', { default: 1, range: [0.01, 1] }) },
  smScale: 1,
  normalizer: pointwise(geluErf, (seq: { qkScale: number }) => seq.qkScale),
})
