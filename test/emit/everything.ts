import { defineAttention, perHead, perSequence, perToken, pointwise, scalar, sigmoid, silu, table } from 'serrate'

const captures = { slope: perHead('f32'), window: scalar('i32', { default: 4 }), prefix: perSequence('i32'), time: perToken('i32'), bias: table('f32', { perHead: true }), steps: table('i32') }

/** Every kind of capture and every helper. */
export const softmax_everything = defineAttention({
  name: 'softmax_everything', captures, smScale: scalar('f32', { name: 'alpha' }),
  scoreMod: (score, b, h, q, kv, seq) => score * seq.slope + seq.bias(Math.abs(q - kv)) + Math.min(seq.time.q, seq.steps(q)) + Math.max(b, kv) + Math.sign(q - kv) + Math.sign(score) + Math.floor(q / 3) + (q % 5) + Math.tanh(score) + Math.exp(-score * score) + silu(score) + sigmoid(score) + (Math.trunc(score) | 0) + (((q % 3) + 3) % 3) + seq.window,
  maskMod: (_b, _h, q, kv, seq) => kv <= q && q - kv <= seq.window && kv * kv * 3 <= seq.prefix,
})

/** A mask that no loop bound describes. */
export const pointwise_everything = defineAttention({
  name: 'pointwise_everything', captures, normalizer: pointwise(silu, (seq: { window: number }) => 1 / seq.window),
  maskMod: (_b, _h, q, kv, seq) => (q === kv || (q % 4 !== kv % 4 && q > kv)) || seq.time.q < seq.time.kv,
})
export const opaque = defineAttention({ name: 'opaque', captures: { time: perToken('f32') }, maskMod: (_b, _h, q, kv, seq) => Math.sin(q * kv) > seq.time.kv })
