import type { AttentionDefinition } from '../dsl/index.ts'
import type { Arithmetic } from './arithmetic.ts'
import { bindCaptures, type CaptureInputs, type Cursor, smScaleValue } from './captures.ts'
import type { HookFactory, Hooks } from './hooks.ts'

/** q, k, v are packed [rows, heads, headDim]; rows past the last offset are never read. */
export interface AttentionProblem {
  readonly definition: AttentionDefinition
  readonly headDim: number
  readonly heads: number
  readonly q: Float64Array
  readonly k: Float64Array
  readonly v: Float64Array
  /** B + 1 numbers from 0. */
  readonly seqOffsets: readonly number[]
  /** By launch name. */
  readonly captures: CaptureInputs
  /** Needed only where heads or headDim is 0. */
  readonly rows?: number
}

export interface AttentionResult {
  /** [rows, heads, headDim]. */
  readonly out: Float64Array
  /** [rows, heads], natural log; softmax only. */
  readonly lse?: Float64Array
  /** [rows, heads]: 1 where a row keeps no key (rows past the last offset included). */
  readonly empty: Uint8Array
}

type Bound = ReturnType<typeof bindCaptures>
export type MakeHooks = (bound: Bound, cursor: Cursor) => HookFactory

/** Scores of one row: -Infinity where the pair is masked. Returns how many are kept. */
const scoreRow = (p: AttentionProblem, hooks: Hooks, a: Arithmetic, cursor: Cursor, scale: number, length: number, scores: Float64Array): number => {
  const stride = p.heads * p.headDim
  const from = cursor.h * p.headDim
  const qAt = (cursor.row0 + cursor.q) * stride + from
  let kept = 0
  for (let kv = 0; kv < length; kv++) {
    cursor.kv = kv
    scores[kv] = hooks.keep() ? hooks.score(a.round(scale * a.dot(p.q, qAt, p.k, (cursor.row0 + kv) * stride + from, p.headDim))) : -Infinity
    if (scores[kv] !== -Infinity) kept++
  }
  return kept
}

/** Turns scores into weights; gives the factor of the summed row and its lse. */
const normalizers = {
  softmax: (a: Arithmetic, _hooks: Hooks, scores: Float64Array, length: number) => {
    let max = -Infinity
    for (let j = 0; j < length; j++) max = Math.max(max, scores[j]!)
    let sum = 0
    for (let j = 0; j < length; j++) sum = a.round(sum + (scores[j] = a.round(Math.exp(scores[j]! - max))))
    for (let j = 0; j < length; j++) scores[j] = a.operand(a.round(scores[j]! / sum))
    return { factor: 1, lse: a.round(max + Math.log(sum)) }
  },
  pointwise: (a: Arithmetic, hooks: Hooks, scores: Float64Array, length: number) => {
    for (let j = 0; j < length; j++) scores[j] = scores[j] === -Infinity ? 0 : a.operand(a.round(hooks.activation(scores[j]!)))
    return { factor: hooks.scale(), lse: -Infinity }
  },
}

/** out_i = normalizer_j(scoreMod(smScale · q_i·k_j) where maskMod) · v_j over the keys of i's own sequence, row by row. */
export const attend = (p: AttentionProblem, makeHooks: MakeHooks, a: Arithmetic): AttentionResult => {
  const { heads, headDim, seqOffsets } = p
  const stride = heads * headDim
  const rows = p.rows ?? (stride > 0 ? p.q.length / stride : 0)
  const out = new Float64Array(rows * stride)
  const empty = new Uint8Array(rows * heads).fill(1)
  const softmax = p.definition.normalizer.kind === 'softmax'
  const lse = softmax ? new Float64Array(rows * heads).fill(-Infinity) : undefined
  const cursor: Cursor = { b: 0, h: 0, row0: 0, q: 0, kv: 0 }
  const hooksOf = makeHooks(bindCaptures(p.definition, p.captures, heads, cursor), cursor)
  const scale = smScaleValue(p.definition, headDim, p.captures)
  const normalize = normalizers[p.definition.normalizer.kind]

  for (let b = 0; b + 1 < seqOffsets.length; b++) {
    const row0 = seqOffsets[b]!
    const length = seqOffsets[b + 1]! - row0
    if (length === 0) continue
    const scores = new Float64Array(length)
    for (let h = 0; h < heads; h++) {
      Object.assign(cursor, { b, h, row0, q: 0, kv: 0 })
      const hooks = hooksOf(length)
      for (let q = 0; q < length; q++) {
        cursor.q = q
        if (scoreRow(p, hooks, a, cursor, scale, length, scores) === 0) continue
        const row = (row0 + q) * heads + h
        const n = normalize(a, hooks, scores, length)
        const acc = a.accumulator(headDim)
        for (let j = 0; j < length; j++) {
          const weight = scores[j]!
          if (weight === 0) continue
          const at = (row0 + j) * stride + h * headDim
          for (let d = 0; d < headDim; d++) acc[d] = acc[d]! + weight * p.v[at + d]!
        }
        for (let d = 0; d < headDim; d++) out[row * headDim + d] = a.result(a.round(n.factor * acc[d]!))
        empty[row] = 0
        if (lse) lse[row] = n.lse
      }
    }
  }
  return { out, empty, ...(lse && { lse }) }
}
