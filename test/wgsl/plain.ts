import type { NamedCapture } from '../../codegen/ir/algorithm.ts'
import type { AttentionExtent, SequenceView } from '../../codegen/ir/layout.ts'
import { sequenceViews } from '../../codegen/ir/layout.ts'

/** Packed inputs of a launch in f64, and captures as numbers: a perToken capture is { q, kv }, a pair (b, h, row, column) => number. */
export interface PlainInputs {
  readonly extent: AttentionExtent
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
  readonly valueDim: number
  readonly smScale: number
  readonly q: ArrayLike<number>
  readonly k: ArrayLike<number>
  readonly v: ArrayLike<number>
  /** Of sequence b at head h: what a hook's `seq` holds besides lengths; `cursor` says which pair is asked about. */
  readonly seq: (view: SequenceView, h: number, cursor: { q: number; kv: number }) => object
}

const number = (x: unknown, seq: unknown): number => (typeof x === 'function' ? x(seq) : Number(x))

/** The definition's own functions applied pair by pair, in f64: no tiles, no online sums. Gives out and lse by [row][head]. */
export const plainAttention = (definition: any, x: PlainInputs): { readonly out: Float64Array; readonly lse: Float64Array } => {
  const views = sequenceViews(x.extent)
  const rows = Math.max(0, ...views.map((s) => s.outRow0 + s.qLen))
  const out = new Float64Array(rows * x.heads * x.valueDim)
  const lse = new Float64Array(rows * x.heads).fill(-Infinity)
  for (const view of views) {
    for (let h = 0; h < x.heads; h++) {
      const cursor = { q: 0, kv: 0 }
      const seq = Object.defineProperties(x.seq(view, h, cursor), { qLen: { value: view.qLen }, kvLen: { value: view.kvLen } })
      const n = definition.normalizer.kind !== 'byHead' ? definition.normalizer : h < definition.normalizer.heads(seq) ? definition.normalizer.first : definition.normalizer.rest
      const g = Math.floor(h / (x.heads / x.kvHeads))
      for (let row = view.dropped; row < view.qLen; row++) {
        const q = row + view.position0
        cursor.q = q
        const kept: { kv: number; s: number }[] = []
        for (let kv = 0; kv < view.kvLen; kv++) {
          cursor.kv = kv
          if (definition.maskMod && !definition.maskMod(view.b, h, q, kv, seq)) continue
          let s = 0
          for (let d = 0; d < x.headDim; d++) s += x.q[((view.qRow0 + row) * x.heads + h) * x.headDim + d]! * x.k[((view.kvRow0 + kv) * x.kvHeads + g) * x.headDim + d]!
          s *= x.smScale
          kept.push({ kv, s: definition.scoreMod ? definition.scoreMod(s, view.b, h, q, kv, seq) : s })
        }
        const sink = n.kind === 'softmax' && n.sink !== undefined ? number(n.sink, seq) : -Infinity
        const m = Math.max(sink, ...kept.map((p) => p.s))
        const sum = kept.reduce((l, p) => l + Math.exp(p.s - m), 0) + Math.exp(sink - m)
        const scale = number(n.scale ?? 1, seq)
        const at = (view.outRow0 + row) * x.heads + h
        if (n.kind === 'softmax' && (kept.length || sink > -Infinity)) lse[at] = m + Math.log(sum)
        for (const { kv, s } of kept) {
          cursor.kv = kv
          const w = n.kind === 'pointwise' ? n.activation(s) * scale : (Math.exp(s - m) / sum) * scale * (n.keepAfter && !n.keepAfter(view.b, h, q, kv, seq) ? 0 : 1)
          for (let d = 0; d < x.valueDim; d++) out[at * x.valueDim + d]! += w * x.v[((view.kvRow0 + kv) * x.kvHeads + g) * x.valueDim + d]!
        }
      }
    }
  }
  return { out, lse }
}

/** Random captures in launch form, and the same as `PlainInputs.seq` reads them. */
export const drawCaptures = (captures: readonly NamedCapture[], views: readonly SequenceView[], heads: number, rows: { readonly q: number; readonly kv: number }, random: () => number) => {
  const launch: Record<string, any> = {}
  const reads: Record<string, (view: SequenceView, h: number, cursor: { q: number; kv: number }) => unknown> = {}
  const longest = Math.max(1, ...views.map((s) => s.qLen), ...views.map((s) => s.kvLen))
  const array = (c: NamedCapture, n: number) => {
    const [low, high] = c.range ?? (c.dtype === 'i32' ? [0, 4] : [-1, 1])
    const values = Array.from({ length: n }, () => (c.dtype === 'i32' ? Math.floor(low + random() * (high - low + 1)) : Math.fround(low + random() * (high - low))))
    return c.dtype === 'i32' ? Int32Array.from(values) : Float32Array.from(values)
  }
  const sums = views.reduce((all, s) => [...all, all.at(-1)! + s.qLen * s.kvLen], [0])
  const kinds: Record<NamedCapture['kind'], (c: NamedCapture) => void> = {
    scalar: (c) => { const [x] = array(c, 1); launch[c.name] = x; reads[c.name] = () => x },
    perHead: (c) => { const a = (launch[c.name] = array(c, heads)); reads[c.name] = (_v, h) => a[h] },
    perSequence: (c) => { const a = (launch[c.name] = array(c, views.length)); reads[c.name] = (v) => a[v.b] },
    perToken: (c) => {
      const n = c.columns ?? 1
      const q = array(c, rows.q * n), kv = array(c, rows.kv * n)
      launch[c.name] = { q, kv }
      reads[c.name] = (v, _h, cursor) => {
        const read = { q: (i: number) => q[(v.qRow0 + cursor.q - v.position0) * n + i]!, kv: (i: number) => kv[(v.kvRow0 + cursor.kv) * n + i]! }
        return c.columns ? read : Object.defineProperties({}, { q: { get: () => read.q(0) }, kv: { get: () => read.kv(0) } })
      }
    },
    table: (c) => {
      const n = c.length ?? 8
      const a = (launch[c.name] = array(c, c.perHead ? n * heads : n))
      reads[c.name] = (_v, h) => (i: number) => a[(c.perHead ? h * n : 0) + Math.min(Math.max(i, 0), n - 1)]!
    },
    pair: (c) => {
      const arrays = c.perHead ? heads / (heads % 2 ? 1 : 2) : 1
      const dense = c.layout === 'dense'
      const one = dense ? views.length * longest * longest : sums.at(-1)!
      const values = array(c, one * arrays)
      launch[c.name] = dense ? { values, rows: longest, columns: longest } : { values }
      reads[c.name] = (v, h) => (row: number, column: number) => {
        const g = Math.floor(h / (heads / arrays))
        return dense ? values[((v.b * arrays + g) * longest + row) * longest + column]! : values[g * sums.at(-1)! + sums[v.b]! + row * v.kvLen + column]!
      }
    },
  }
  for (const c of captures) kinds[c.kind](c)
  return { launch, seq: (v: SequenceView, h: number, cursor: { q: number; kv: number }): object => Object.fromEntries(captures.map((c) => [c.name, reads[c.name]!(v, h, cursor)])) }
}
