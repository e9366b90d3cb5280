import { causal, clamp, defineAttention, pair, perHead, perSequence, pointwise, scalar, sigmoid, silu, softmax } from 'serrate'

/** Rows 0, 3, 6, ... of every sequence keep nothing. */
export const every_third_row_masked = defineAttention({ name: 'every_third_row_masked', maskMod: (_b, _h, q, kv) => q % 3 !== 0 && kv <= q })

/** No row keeps anything. */
export const all_masked = defineAttention({ name: 'all_masked', captures: { never: scalar('i32', { range: [0, 0] }) }, maskMod: (_b, _h, _q, kv, seq) => kv < seq.never })

/** The same with a sink. */
export const all_masked_sink = defineAttention({ name: 'all_masked_sink', captures: { never: scalar('i32', { range: [0, 0] }) }, maskMod: (_b, _h, _q, kv, seq) => kv < seq.never, normalizer: softmax({ sink: -0.5 }) })

/** Scores are used as they are. */
export const unscaled = defineAttention({ name: 'unscaled', smScale: 1 })

/** An activation that is 0.5 at a score of 0: only masking after it keeps masked pairs out. */
export const sigmoid_causal = defineAttention({ name: 'sigmoid_causal', normalizer: pointwise(sigmoid, 0.25), maskMod: causal })

/** HSTU with causal=False: distances count both ways. */
export const hstu_bidirectional = defineAttention({
  name: 'hstu_bidirectional',
  captures: { numTargets: perSequence('i32', { range: [0, 24] }), maxAttnLen: scalar('i32', { default: 0, range: [0, 48] }), maxSeqLen: scalar('i32', { range: [64, 256] }) },
  normalizer: pointwise(silu, (seq: { maxSeqLen: number }) => 1 / seq.maxSeqLen),
  maskMod: (_b, _h, q, kv, seq) => {
    const last = seq.kvLen - clamp(seq.numTargets, 0, seq.kvLen)
    const dist = Math.abs(Math.min(q, last) - Math.min(kv, last))
    return (q === kv || dist > 0) && (seq.maxAttnLen <= 0 || dist <= seq.maxAttnLen)
  },
})

/** A dense bias for groups of heads, added to q·k before α multiplies both (the order of NVIDIA's fused HSTU). */
export const bias_before_alpha = defineAttention({
  name: 'bias_before_alpha',
  captures: { alpha: scalar('f32', { range: [0.05, 0.3] }), rab: pair('f32', { layout: 'dense', perHead: true }) },
  smScale: 1,
  scoreMod: (score, _b, _h, q, kv, seq) => seq.alpha * (score + seq.rab(q, kv)),
  normalizer: pointwise(silu, 0.125),
  maskMod: causal,
})

/** Each head looks back as far as its own reach. */
export const window_by_head = defineAttention({ name: 'window_by_head', captures: { reach: perHead('i32', { range: [0, 60] }) }, maskMod: (_b, _h, q, kv, seq) => kv <= q && q - kv <= seq.reach })

/** The same, and the first keys: no loop bounds describe it. */
export const window_and_prefix_by_head = defineAttention({
  name: 'window_and_prefix_by_head', captures: { reach: perHead('i32', { range: [0, 40] }), first: perHead('i32', { range: [0, 30] }) },
  maskMod: (_b, h, q, kv, seq) => kv <= q && (q - kv <= seq.reach || kv < seq.first + 16 * h),
})
