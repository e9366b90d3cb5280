import { clamp, defineAttention, perToken, table } from 'serrate'

export const per_token_bias = defineAttention({
  name: 'per_token_bias',
  captures: { day: perToken('i32', { range: [0, 40] }), decay: table('f32', { perHead: true, length: 33 }) },
  scoreMod: (score, _b, _h, _q, _kv, seq) => score + seq.decay(clamp(seq.day.q - seq.day.kv, 0, 32)),
})
