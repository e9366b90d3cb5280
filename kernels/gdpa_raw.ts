import { defineAttention, pointwise, raw, scalar } from 'serrate'

/** Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: no activation. */
export const gdpa_raw = defineAttention({
  name: 'gdpa_raw',
  captures: { qkScale: scalar('f32', { default: 1, range: [0.01, 1] }) },
  smScale: 1,
  normalizer: pointwise(raw, (seq: { qkScale: number }) => seq.qkScale),
})
