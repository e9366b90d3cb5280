import { and, causal, defineAttention, hstuMask, not, or, perHead, perSequence, perToken, pointwise, prefix, relativeBias, scalar, silu, slidingWindow, table } from 'serrate'

const captures = { slope: perHead('f32'), window: scalar('i32'), prefix: perSequence('i32'), time: perToken('i32'), bias: table('f32') }

export const correct = defineAttention({
  name: 'correct',
  captures,
  smScale: scalar('f32', { name: 'alpha' }),
  scoreMod: (score, b, h, q, kv, { slope, time, bias, qLen, kvLen }) => score * slope + time.q - time.kv + bias(kv - q) + qLen / kvLen + b + h,
  maskMod: and(causal, or(slidingWindow, prefix), not((b, h, q, kv) => q === kv)),
})
export const scaled = defineAttention({ name: 'scaled', captures, normalizer: pointwise(silu, (seq: { window: number }) => 1 / seq.window) })

defineAttention({ name: 'undeclared', scoreMod: (score, b, h, q, kv, seq) =>
  // @ts-expect-error no capture is declared
  score + seq.slope })
defineAttention({ name: 'misspelt', captures, scoreMod: (score, b, h, q, kv, seq) =>
  // @ts-expect-error `slop` is not a capture
  score + seq.slop })
defineAttention({ name: 'token', captures, scoreMod: (score, b, h, q, kv, seq) =>
  // @ts-expect-error a perToken capture is { q, kv }
  score + seq.time * 2 })
defineAttention({ name: 'side', captures, scoreMod: (score, b, h, q, kv, seq) =>
  // @ts-expect-error a perToken capture has the sides q and kv
  score + seq.time.k })
defineAttention({ name: 'table', captures, scoreMod: (score, b, h, q, kv, seq) =>
  // @ts-expect-error a table is a function of its index
  score + seq.bias * 2 })
defineAttention({ name: 'index', captures, scoreMod: (score, b, h, q, kv, seq) =>
  // @ts-expect-error a table is called, not indexed
  score + seq.bias[q] })
defineAttention({ name: 'arguments', captures, scoreMod: (score, b, h, q, kv, seq) =>
  // @ts-expect-error a table takes one index
  score + seq.bias() })
defineAttention({ name: 'scalar', captures, scoreMod: (score, b, h, q, kv, seq) =>
  // @ts-expect-error a scalar is a number
  score + seq.window.q })
defineAttention({ name: 'assigned', captures, scoreMod: (score, b, h, q, kv, seq) =>
  // @ts-expect-error captures are read-only
  (seq.window = 3) })
// @ts-expect-error a mask returns a boolean
defineAttention({ name: 'number', maskMod: (b, h, q, kv) => q - kv })
// @ts-expect-error a score is a number
defineAttention({ name: 'boolean', scoreMod: (score, b, h, q, kv) => q > kv })
// @ts-expect-error the mask needs `window`
defineAttention({ name: 'needs', maskMod: slidingWindow })
// @ts-expect-error one of the masks needs `window`
defineAttention({ name: 'combined', captures: { prefix: perSequence('i32') }, maskMod: or(prefix, slidingWindow) })
// @ts-expect-error hstuMask needs its three captures
defineAttention({ name: 'hstu', captures: { numTargets: perSequence('i32') }, maskMod: hstuMask })
// @ts-expect-error relativeBias needs a table
defineAttention({ name: 'bias', captures: { bias: scalar('f32') }, scoreMod: relativeBias(4) })
// @ts-expect-error the scale needs `window`
defineAttention({ name: 'scale', normalizer: pointwise(silu, (seq: { qLen: number; window: number }) => 1 / seq.window) })
// @ts-expect-error smScale is a number or a scalar
defineAttention({ name: 'smScale', smScale: perHead('f32') })
// @ts-expect-error there is no such field
defineAttention({ name: 'field', mask: causal })
// @ts-expect-error captures are f32 or i32
defineAttention({ name: 'dtype', captures: { x: scalar('f64') } })
// @ts-expect-error only tables are per head by option
defineAttention({ name: 'option', captures: { x: perToken('f32', { perHead: true }) } })
