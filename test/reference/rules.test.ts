import { describe, expect, test } from 'vitest'
import { defineAttention, perHead, perSequence, perToken, pointwise, scalar, silu, table } from '../../dsl/index.ts'
import { roundTo } from '../../runtime/dtypes.ts'
import { attentionPlain, attentionReference } from '../../reference/index.ts'
import { batchOf } from './batch.ts'

const code = (f: () => unknown): string => {
  try { f() } catch (e) { return (e as { code?: string }).code ?? String(e) }
  return 'nothing thrown'
}

describe('rules of the reference', () => {
  test('a row that keeps nothing is 0 with an lse of -inf; its neighbours are not', () => {
    const d = defineAttention({ name: 'd', maskMod: (_b, _h, q, kv) => q !== 2 && kv <= q })
    const batch = batchOf([4], 3, 1)
    const r = attentionReference({ definition: d, ...batch, captures: {} })
    expect([...r.out.subarray(6, 9)]).toEqual([0, 0, 0])
    expect([...r.empty]).toEqual([0, 0, 1, 0])
    expect(r.lse![2]).toBe(-Infinity)
    expect(Number.isFinite(r.lse![3])).toBe(true)
  })

  test('a score of -Infinity counts as masked, for softmax and pointwise', () => {
    const masked = (kv: number) => kv === 1
    for (const normalizer of [undefined, pointwise(silu, 0.5)]) {
      const base = normalizer ? { normalizer } : {}
      const byScore = defineAttention({ name: 'a', ...base, scoreMod: (s, _b, _h, _q, kv) => (masked(kv) ? -Infinity : s) })
      const byMask = defineAttention({ name: 'b', ...base, maskMod: (_b, _h, _q, kv) => !masked(kv) })
      const batch = batchOf([3, 1], 4, 2)
      const [x, y] = [byScore, byMask].map((definition) => attentionReference({ definition, ...batch, captures: {} }))
      expect(x!.out).toEqual(y!.out)
      expect(x!.lse).toEqual(y!.lse)
    }
  })

  test('every kind of capture reaches the hook at its own place', () => {
    const d = defineAttention({
      name: 'd',
      captures: { s: scalar('i32', { default: 5 }), h: perHead('f32'), b: perSequence('i32'), t: perToken('i32'), flat: table('i32'), byHead: table('f32', { perHead: true }) },
      maskMod: (_b, _h, q, kv) => q === kv,
      scoreMod: (_score, b, h, q, kv, seq) => {
        seen.push([b, h, q, seq.s, seq.h, seq.b, seq.t.q, seq.t.kv, seq.flat(q), seq.byHead(1), seq.qLen])
        return kv
      },
    })
    const seen: number[][] = []
    const batch = batchOf([1, 2], 1, 2)
    attentionReference({ definition: d, ...batch, captures: { h: [0.1, 2], b: [7, 8], t: [10, 20, 30], flat: [4, 6], byHead: [1, 2, 3, 4] } })
    const f = Math.fround(0.1)
    expect(seen).toEqual([
      [0, 0, 0, 5, f, 7, 10, 10, 4, 2, 1], [0, 1, 0, 5, 2, 7, 10, 10, 4, 4, 1],
      [1, 0, 0, 5, f, 8, 20, 20, 4, 2, 2], [1, 0, 1, 5, f, 8, 30, 30, 6, 2, 2], [1, 1, 0, 5, 2, 8, 20, 20, 4, 4, 2], [1, 1, 1, 5, 2, 8, 30, 30, 6, 4, 2],
    ])
  })

  test('a table read out of range or between entries names table, index, length, q and kv', () => {
    const read = (index: (q: number, kv: number) => number) => () =>
      attentionReference({ definition: defineAttention({ name: 'd', captures: { bias: table('f32') }, scoreMod: (s, _b, _h, q, kv, seq) => s + seq.bias(index(q, kv)) }), ...batchOf([3], 2, 1), captures: { bias: [1, 2, 3] } })
    expect(read((q, kv) => kv + q)).toThrow('The table bias was read at 3, outside 0 to 2 (length 3), for q = 1, kv = 2')
    expect(code(read((q, kv) => kv - q - 1))).toBe('SR6001')
    expect(read((q) => q / 2)).toThrow('The table bias was read at 0.5, which is not a whole number (length 3), for q = 1, kv = 0')
    expect(code(read((q) => q / 2))).toBe('SR6002')
  })

  test('a missing capture is named', () => {
    const d = defineAttention({ name: 'd', captures: { w: scalar('i32') } })
    expect(code(() => attentionReference({ definition: d, ...batchOf([1], 1), captures: {} }))).toBe('SR5010')
  })

  test('smScale: a number, a capture under its launch name, else 1/sqrt(D) as f32', () => {
    const batch = batchOf([4], 5, 1)
    const out = (spec: object, captures = {}) => attentionReference({ definition: defineAttention({ name: 'd', ...spec }), ...batch, captures }).out
    expect(out({})).toEqual(out({ smScale: 1 / Math.sqrt(5) }))
    expect(out({ smScale: 0.3 })).toEqual(out({ smScale: scalar('f32', { name: 'alpha' }) }, { alpha: 0.3 }))
    expect(out({ smScale: 0.3 })).not.toEqual(out({}))
  })

  test('B = 0, rows = 0, heads = 0 and headDim = 0 give outputs of their shapes', () => {
    const d = defineAttention({ name: 'd' })
    const of = (rows: number, heads: number, headDim: number, seqOffsets: number[]) => {
      const z = new Float64Array(rows * heads * headDim)
      const r = attentionReference({ definition: d, headDim, heads, q: z, k: z, v: z, seqOffsets, captures: {}, rows })
      return [r.out.length, r.lse!.length]
    }
    expect([of(0, 2, 4, [0]), of(3, 2, 4, [0]), of(2, 0, 4, [0, 2]), of(2, 2, 0, [0, 2])]).toEqual([[0, 0], [24, 6], [0, 0], [0, 4]])
  })

  test('plain is near the reference, further with fewer bits, and exact where nothing rounds', () => {
    const d = defineAttention({ name: 'd' })
    const batch = batchOf([9, 4], 8, 2)
    const ref = attentionReference({ definition: d, ...batch, captures: {} })
    const error = (dtype: 'f32' | 'f16' | 'bf16') => {
      const plain = attentionPlain({ definition: d, ...batch, captures: {} }, (x) => roundTo(dtype, x))
      return plain.out.reduce((m, x, i) => Math.max(m, Math.abs(x - ref.out[i]!)), 0)
    }
    expect(error('f32')).toBeGreaterThan(0)
    expect(error('f32')).toBeLessThan(2e-6)
    expect(error('f16')).toBeGreaterThan(error('f32'))
    expect(error('f16')).toBeLessThan(4e-3)
    expect(error('bf16')).toBeGreaterThan(error('f16'))
    expect(error('bf16')).toBeLessThan(4e-2)
  })
})
