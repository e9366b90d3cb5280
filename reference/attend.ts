import type { AttentionDefinition } from '../dsl/index.ts'
import { type AttentionExtent, selfExtent, sequenceViews } from '../codegen/ir/layout.ts'
import type { Arithmetic } from './arithmetic.ts'
import { bindCaptures, type CaptureInputs, type Cursor, smScaleValue, startCursor } from './captures.ts'
import type { HookFactory, Hooks, PartHooks } from './hooks.ts'

/** q [query rows, heads, headDim], k [key rows, kvHeads, headDim] and v [key rows, kvHeads, valueDim], packed; rows past the last offsets are never read. */
export interface AttentionProblem {
  readonly definition: AttentionDefinition
  readonly headDim: number
  /** Default headDim. */
  readonly valueDim?: number
  readonly heads: number
  /** A divisor of heads; default heads. */
  readonly kvHeads?: number
  readonly q: Float64Array
  readonly k: Float64Array
  readonly v: Float64Array
  /** Self-attention: B + 1 numbers from 0. */
  readonly seqOffsets?: readonly number[]
  /** Any other layout. */
  readonly extent?: AttentionExtent
  /** By launch name. */
  readonly captures: CaptureInputs
  /** Rows of out; default those of q in self-attention, else of the last sequence. */
  readonly rows?: number
}

export interface AttentionResult {
  /** [rows, heads, valueDim]. */
  readonly out: Float64Array
  /** [rows, heads], natural log; -Infinity in heads with a pointwise normalizer; absent where all are pointwise. */
  readonly lse?: Float64Array
  /** [rows, heads]: 1 where a row keeps no key (rows past the last offset included). */
  readonly empty: Uint8Array
}

type Bound = ReturnType<typeof bindCaptures>
export type MakeHooks = (bound: Bound, cursor: Cursor) => HookFactory

/** The launch's sequences. */
export const extentOfProblem = ({ extent, seqOffsets }: Pick<AttentionProblem, 'extent' | 'seqOffsets'>): AttentionExtent => extent ?? selfExtent(seqOffsets ?? [0])

interface Row { readonly factor: number; readonly lse: number }

/** Turns kept scores into weights (a masked one is -Infinity); gives the factor of the summed row and its lse. */
const normalizers: Readonly<Record<PartHooks['kind'], (a: Arithmetic, part: PartHooks, scores: Float64Array, cursor: Cursor) => Row>> = {
  softmax: (a, part, scores, cursor) => {
    const sink = part.sink()
    let max = sink
    for (const s of scores) max = Math.max(max, s)
    if (max === -Infinity) return { factor: 0, lse: -Infinity }
    let sum = sink === -Infinity ? 0 : a.round(Math.exp(a.round(sink - max)))
    for (let j = 0; j < scores.length; j++) sum = a.round(sum + (scores[j] = a.round(Math.exp(scores[j]! - max))))
    for (let j = 0; j < scores.length; j++) {
      cursor.kv = j
      scores[j] = scores[j] === 0 || !part.keepAfter() ? 0 : a.operand(a.round(scores[j]! / sum))
    }
    return { factor: part.scale(), lse: a.round(max + Math.log(sum)) }
  },
  pointwise: (a, part, scores) => {
    for (let j = 0; j < scores.length; j++) scores[j] = scores[j] === -Infinity ? 0 : a.operand(a.round(part.activation(scores[j]!)))
    return { factor: part.scale(), lse: -Infinity }
  },
}

/** out_i = normalizer_j(scoreMod(smScale · q_i·k_j) where maskMod) · v_j over the keys that i's sequence reads, row by row. */
export const attend = (p: AttentionProblem, makeHooks: MakeHooks, a: Arithmetic): AttentionResult => {
  const { heads, headDim } = p
  const { kvHeads = heads, valueDim = headDim } = p
  const views = sequenceViews(extentOfProblem(p))
  const packedRows = heads * headDim > 0 && p.extent === undefined ? p.q.length / (heads * headDim) : Math.max(0, ...views.map((x) => x.outRow0 + x.qLen))
  const rows = p.rows ?? packedRows
  const out = new Float64Array(rows * heads * valueDim)
  const empty = new Uint8Array(rows * heads).fill(1)
  const lse = p.definition.normalizer.kind === 'pointwise' ? undefined : new Float64Array(rows * heads).fill(-Infinity)
  const cursor = startCursor()
  const hooksOf = makeHooks(bindCaptures(p.definition, p.captures, { heads, views }, cursor), cursor)
  const scale = smScaleValue(p.definition, headDim, p.captures)
  const group = heads / kvHeads

  const scoreRow = (hooks: Hooks, scores: Float64Array, kvHead: number): number => {
    const { view, h } = cursor
    const qAt = ((view.qRow0 + cursor.q - view.position0) * heads + h) * headDim
    let kept = 0
    for (let kv = 0; kv < view.kvLen; kv++) {
      cursor.kv = kv
      scores[kv] = hooks.keep() ? hooks.score(a.round(scale * a.dot(p.q, qAt, p.k, ((view.kvRow0 + kv) * kvHeads + kvHead) * headDim, headDim))) : -Infinity
      if (scores[kv] !== -Infinity) kept++
    }
    return kept
  }

  for (const view of views) {
    const scores = new Float64Array(view.kvLen)
    for (let h = 0; h < heads && view.qLen > view.dropped; h++) {
      Object.assign(cursor, { b: view.b, h, q: view.dropped + view.position0, kv: 0, view })
      const hooks = hooksOf()
      const kvHead = Math.floor(h / group)
      for (let i = view.dropped; i < view.qLen; i++) {
        Object.assign(cursor, { q: i + view.position0, kv: 0 })
        const row = (view.outRow0 + i) * heads + h
        const kept = scoreRow(hooks, scores, kvHead)
        cursor.kv = 0
        if (kept === 0 && hooks.part.kind === 'pointwise') continue
        const n = normalizers[hooks.part.kind](a, hooks.part, scores, cursor)
        if (lse) lse[row] = n.lse
        if (kept === 0) continue
        const acc = a.accumulator(valueDim)
        for (let j = 0; j < view.kvLen; j++) {
          const weight = scores[j]!
          if (weight === 0) continue
          const at = ((view.kvRow0 + j) * kvHeads + kvHead) * valueDim
          for (let d = 0; d < valueDim; d++) acc[d] = acc[d]! + a.round(weight * p.v[at + d]!)
        }
        for (let d = 0; d < valueDim; d++) out[row * valueDim + d] = a.result(a.round(n.factor * acc[d]!))
        empty[row] = 0
      }
    }
  }
  return { out, empty, ...(lse && { lse }) }
}
