import { describe, expect, test } from 'vitest'
import { defineAttention, pair, pointwise, silu, softmax } from '../../dsl/index.ts'
import type { AttentionExtent, AttentionLayout } from '../../codegen/ir/layout.ts'
import { attentionReference } from '../../reference/index.ts'

const wave = (i: number): number => Math.sin(i * 12.9898 + 1) * 1.5
const make = (n: number, seed: number): Float64Array => Float64Array.from({ length: n }, (_, i) => wave(seed + i))
const offsets = (lengths: readonly number[]): number[] => lengths.reduce<number[]>((o, l) => [...o, o.at(-1)! + l], [0])
const close = (got: Float64Array, want: readonly number[]): void => {
  expect(got.length).toBe(want.length)
  want.forEach((x, i) => expect(got[i]).toBeCloseTo(x, 11))
}
const extentOf = (layout: Partial<AttentionLayout>, seqOffsets: number[], kvOffsets: number[], queryRows = 0, kvIndex?: number[]): AttentionExtent =>
  ({ layout: { queries: 'self', align: 'start', sharedKeys: false, ...layout }, sequences: kvIndex?.length ?? kvOffsets.length - 1, seqOffsets, kvOffsets, queryRows, ...(kvIndex && { kvIndex }) })
const dot = (a: Float64Array, i: number, b: Float64Array, j: number, n: number): number => Array.from({ length: n }, (_, d) => a[i + d]! * b[j + d]!).reduce((x, y) => x + y, 0)

describe('layouts and normalizers against formulas written out', () => {
  test('target attention: O_b[t] = softmax_l(y_t·x_l + bias[b, l, t]) v, dense queries over jagged keys', () => {
    const d = defineAttention({ name: 'd', smScale: 1, captures: { bias: pair('f32', { layout: 'dense' }) }, scoreMod: (s, _b, _h, q, kv, seq) => s + seq.bias(kv, q) })
    const [N, T, D] = [4, 3, 2]
    const kv = offsets([4, 0, 2])
    const [q, k, v, bias] = [make(3 * T * D, 1), make(6 * D, 100), make(6 * D, 200), Float32Array.from(make(3 * N * T, 300))]
    const got = attentionReference({ definition: d, headDim: D, heads: 1, q, k, v, extent: extentOf({ queries: 'dense' }, [], kv, T), captures: { bias: { values: bias, rows: N, columns: T } } })
    const want: number[] = []
    for (let b = 0; b < 3; b++) for (let t = 0; t < T; t++) {
      const rows = Array.from({ length: kv[b + 1]! - kv[b]! }, (_, l) => ({ at: (kv[b]! + l) * D, e: Math.exp(dot(q, (b * T + t) * D, k, (kv[b]! + l) * D, D) + bias[(b * N + l) * T + t]!) }))
      const total = rows.reduce((s, r) => s + r.e, 0)
      for (let x = 0; x < D; x++) want.push(rows.reduce((s, r) => s + (r.e / total) * v[r.at + x]!, 0))
    }
    close(got.out, want)
  })

  test('sll basic: softmax / N with the mask j >= i after the softmax', () => {
    const N = 7
    const d = defineAttention({ name: 'd', smScale: 1, normalizer: softmax({ scale: 1 / N, keepAfter: (_b, _h, q, kv) => kv >= q }) })
    const [L, D] = [5, 3]
    const [q, k, v] = [make(L * D, 1), make(L * D, 50), make(L * D, 90)]
    const got = attentionReference({ definition: d, headDim: D, heads: 1, q, k, v, seqOffsets: [0, L], captures: {} })
    const want: number[] = []
    for (let i = 0; i < L; i++) {
      const e = Array.from({ length: L }, (_, j) => Math.exp(dot(q, i * D, k, j * D, D)))
      const total = e.reduce((a, b) => a + b, 0)
      for (let x = 0; x < D; x++) want.push(e.reduce((s, w, j) => s + (j >= i ? (w / total / N) * v[j * D + x]! : 0), 0))
    }
    close(got.out, want)
  })

  test('HSTU delta-q: the last rows of each sequence equal those rows of the whole; rows before the first key are 0', () => {
    const d = defineAttention({ name: 'd', smScale: 0.3, maskMod: (_b, _h, q, kv) => kv <= q, normalizer: pointwise(silu, 1 / 16) })
    const [D, delta, lengths] = [2, 3, [5, 2, 0, 3]]
    const kv = offsets(lengths)
    const [k, v, whole] = [make(10 * D, 7), make(10 * D, 70), make(10 * D, 700)]
    const q = new Float64Array(4 * delta * D)
    lengths.forEach((L, b) => { for (let i = Math.max(0, delta - L); i < delta; i++) q.set(whole.subarray((kv[b]! + L - delta + i) * D, (kv[b]! + L - delta + i + 1) * D), (b * delta + i) * D) })
    const got = attentionReference({ definition: d, headDim: D, heads: 1, q, k, v, extent: extentOf({ queries: 'dense', align: 'end' }, [], kv, delta), captures: {} })
    const full = attentionReference({ definition: d, headDim: D, heads: 1, q: whole, k, v, seqOffsets: kv, captures: {} })
    const want: number[] = []
    lengths.forEach((L, b) => { for (let i = 0; i < delta; i++) for (let x = 0; x < D; x++) want.push(L - delta + i < 0 ? 0 : full.out[(kv[b]! + L - delta + i) * D + x]!) })
    close(got.out, want)
  })

  test('GDPA over shared keys, one block of queries, grouped heads and a value dim: O = scale · act(QKᵀ) V', () => {
    const relu = (s: number): number => Math.max(s, 0)
    const d = defineAttention({ name: 'd', smScale: 1, normalizer: pointwise(relu, 0.5) })
    const [T, H, D, V] = [2, 4, 2, 3]
    const kv = offsets([2, 3])
    const kvIndex = [1, 0, 1]
    const [q, k, v] = [make(T * H * D, 3), make(5 * 2 * D, 30), make(5 * 2 * V, 60)]
    const got = attentionReference({ definition: d, headDim: D, valueDim: V, heads: H, kvHeads: 2, q, k, v, extent: extentOf({ queries: 'broadcast' }, [], kv, T, kvIndex), captures: {} })
    const want: number[] = []
    for (const b of kvIndex) for (let t = 0; t < T; t++) for (let h = 0; h < H; h++) for (let x = 0; x < V; x++) {
      const g = h >> 1
      let sum = 0
      for (let j = kv[b]!; j < kv[b + 1]!; j++) sum += relu(dot(q, (t * H + h) * D, k, (j * 2 + g) * D, D)) * v[(j * 2 + g) * V + x]!
      want.push(0.5 * sum)
    }
    close(got.out, want)
  })

  test('a sink takes part in the sum only: a row without keys is 0 with the sink as its lse', () => {
    const d = defineAttention({ name: 'd', smScale: 1, maskMod: (_b, _h, q, kv) => q === 1 && kv === 0, normalizer: softmax({ sink: 0.25 }) })
    const got = attentionReference({ definition: d, headDim: 1, heads: 1, q: Float64Array.of(2, 3), k: Float64Array.of(0.5, 1), v: Float64Array.of(7, 8), seqOffsets: [0, 2], captures: {} })
    close(got.out, [0, (7 * Math.exp(1.5)) / (Math.exp(1.5) + Math.exp(0.25))])
    close(got.lse!, [0.25, Math.log(Math.exp(1.5) + Math.exp(0.25))])
  })

  test('a pair read out of range is named', () => {
    const d = defineAttention({ name: 'd', captures: { bias: pair('f32', { layout: 'jagged' }) }, scoreMod: (s, _b, _h, q, kv, seq) => s + seq.bias(q + 1, kv) })
    expect(() => attentionReference({ definition: d, headDim: 1, heads: 1, q: make(2, 1), k: make(2, 2), v: make(2, 3), seqOffsets: [0, 2], captures: { bias: { values: new Float32Array(4) } } })).toThrow('SR6007: The pair capture bias was read at row 2, column 0 of [2, 2]')
  })
})
