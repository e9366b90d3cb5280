import { defineAttention, pointwise, scalar, silu } from 'serrate'

/** Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: SiLU (also GDPA's `fast_silu`). */
export const gdpa_silu = defineAttention({
  name: 'gdpa_silu',
  captures: { qkScale: scalar('f32', { default: 1, range: [0.01, 1] }) },
  smScale: 1,
  normalizer: pointwise(silu, (seq: { qkScale: number }) => seq.qkScale),
})
