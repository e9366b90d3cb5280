import { and, causal, defineAttention, floorDiv, mod, perHead, perSequence, perToken, scalar, table } from 'serrate'

const mask = <S>(maskMod: (b: number, h: number, q: number, kv: number, seq: S) => boolean) => maskMod

export const wraps_far = defineAttention({ name: 'wraps_far', captures: { far: scalar('i32') }, maskMod: (_b, _h, q, kv, seq) => kv + seq.far <= q })
export const nan = defineAttention({ name: 'nan', captures: { slope: scalar('f32') }, maskMod: (_b, _h, q, kv, seq) => kv * seq.slope <= q })
export const not_nan = defineAttention({ name: 'not_nan', captures: { slope: scalar('f32') }, maskMod: (_b, _h, q, kv, seq) => !(kv * seq.slope > q) })
export const of_table = defineAttention({ name: 'of_table', captures: { open: table('i32') }, maskMod: (_b, _h, _q, kv, seq) => seq.open(kv) > 0 })
export const causal_of_table = defineAttention({ name: 'causal_of_table', captures: { open: table('i32') }, maskMod: and(causal, mask((_b, _h, _q, kv, seq: { open: (i: number) => number }) => seq.open(kv) > 0)) })
export const window_per_head = defineAttention({ name: 'window_per_head', captures: { windows: table('i32') }, maskMod: (_b, h, q, kv, seq) => kv <= q && q - kv <= seq.windows(h) })
export const documents = defineAttention({ name: 'documents', captures: { doc: perToken('i32') }, maskMod: (_b, _h, q, kv, seq) => seq.doc.q === seq.doc.kv && kv <= q })
export const parity = defineAttention({ name: 'parity', maskMod: (_b, _h, q, kv) => (q + kv) % 2 === 0 })
export const one_pair = defineAttention({ name: 'one_pair', maskMod: (_b, _h, q, kv) => q === 37 && kv === 90 })
export const one_hole = defineAttention({ name: 'one_hole', maskMod: (_b, _h, q, kv) => !(q === 37 && kv === 90) })
export const cross = defineAttention({ name: 'cross', maskMod: (_b, _h, q, kv) => q !== 40 && kv !== 41 })
export const chain = defineAttention({
  name: 'chain', captures: { window: perHead('i32') },
  maskMod: (_b, h, q, kv, seq) => {
    if (kv > q) return false
    return q - kv <= seq.window
  },
})
export const either = defineAttention({ name: 'either', captures: { prefix: perSequence('i32') }, maskMod: (_b, _h, q, kv, seq) => (kv <= q ? true : kv < seq.prefix) })
export const blocks = defineAttention({ name: 'blocks', maskMod: (_b, _h, q, kv) => floorDiv(q, 48) === floorDiv(kv, 48) })
export const strided = defineAttention({ name: 'strided', maskMod: (_b, _h, _q, kv) => mod(kv, 64) < 16 })
export const halves = defineAttention({ name: 'halves', maskMod: (_b, _h, q, kv) => kv * 0.5 <= q })
export const nothing = defineAttention({ name: 'nothing', maskMod: (_b, _h, q) => q < 0 })
export const everything = defineAttention({ name: 'everything', maskMod: (_b, _h, q, kv) => q + 1 > 0 || kv > 5 })
