import { causal, defineAttention, perToken, table } from 'serrate'

const bucket = (elapsed: number) => Number(elapsed > 60) + Number(elapsed > 3_600) + Number(elapsed > 86_400) + Number(elapsed > 604_800)

/** A learned bias per head and per bucket of elapsed seconds: minutes, hours, days, weeks, more. */
export const time_bias = defineAttention({
  name: 'time_bias',
  captures: { time: perToken('i32', { range: [0, 2_000_000] }), bias: table('f32', { perHead: true, length: 5 }) },
  scoreMod: (score, _b, _h, _q, _kv, seq) => score + seq.bias(bucket(seq.time.q - seq.time.kv)),
  maskMod: causal,
})
