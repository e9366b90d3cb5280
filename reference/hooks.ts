import type { AttentionDefinition, Normalizer, PointwiseNormalizer, SoftmaxNormalizer } from '../dsl/index.ts'
import type { Algorithm, PointwisePart, SoftmaxPart } from '../codegen/ir/algorithm.ts'
import type { Hook } from '../codegen/ir/hook.ts'
import { type BoundCapture, type Cursor, seqOf } from './captures.ts'
import { compileExpression } from './expression.ts'

/** How the rows of one head are normalised. */
export interface PartHooks {
  readonly kind: 'softmax' | 'pointwise'
  activation(score: number): number
  /** Of the row under the cursor; may read perToken captures of the query. */
  scale(): number
  /** A logit of the sum without a value; -Infinity: none. */
  sink(): number
  keepAfter(): boolean
}

/** A definition's hooks for one sequence and head; the pair is the cursor's. */
export interface Hooks {
  keep(): boolean
  score(score: number): number
  /** The normalizer of this head. */
  readonly part: PartHooks
}

/** Makes the hooks of the sequence and head under the cursor. */
export type HookFactory = () => Hooks

const resolved = (value: number | ((seq: any) => number) | undefined, seq: unknown, otherwise: number) => (): number => (typeof value === 'function' ? value(seq) : (value ?? otherwise))

const partOf = (n: Normalizer, seq: unknown, cursor: Cursor): SoftmaxNormalizer | PointwiseNormalizer => (n.kind === 'byHead' ? (cursor.h < n.heads(seq) ? n.first : n.rest) : n)

const authorPart = (n: SoftmaxNormalizer | PointwiseNormalizer, seq: unknown, cursor: Cursor): PartHooks => ({
  kind: n.kind,
  activation: n.kind === 'pointwise' ? n.activation : (s) => s,
  scale: resolved(n.scale, seq, 1),
  sink: resolved(n.kind === 'softmax' ? n.sink : undefined, seq, -Infinity),
  keepAfter: n.kind === 'softmax' && n.keepAfter ? () => n.keepAfter!(cursor.b, cursor.h, cursor.q, cursor.kv, seq) : () => true,
})

/** Calls the author's own functions, in double precision. */
export const authorHooks = (definition: AttentionDefinition, bound: Readonly<Record<string, BoundCapture>>, cursor: Cursor): HookFactory => {
  const { scoreMod, maskMod, normalizer } = definition
  return () => {
    const seq = seqOf(bound, cursor.view)
    return {
      keep: maskMod ? () => maskMod(cursor.b, cursor.h, cursor.q, cursor.kv, seq) : () => true,
      score: scoreMod ? (s) => scoreMod(s, cursor.b, cursor.h, cursor.q, cursor.kv, seq) : (s) => s,
      part: authorPart(partOf(normalizer, seq, cursor), seq, cursor),
    }
  }
}

/** The same hooks as the compiler read them, every float operation rounded by `round` (Math.fround: as a kernel computes). */
export const compiledHooks = (algorithm: Algorithm, bound: Readonly<Record<string, BoundCapture>>, cursor: Cursor, round: (x: number) => number): HookFactory => {
  const { normalizer } = algorithm
  const frame = { score: 0 }
  const compile = (hook: Hook | undefined) => hook && compileExpression(hook.body, { cursor, bound, frame }, round)
  const withScore = (f: (() => number | boolean) | undefined) => (s: number): number => {
    if (!f) return s
    frame.score = s
    return f() as number
  }
  const valued = <T>(f: (() => number | boolean) | undefined, otherwise: T) => (): T => (f ? (f() as T) : otherwise)
  const compilePart = (n: SoftmaxPart | PointwisePart): PartHooks => ({
    kind: n.kind,
    activation: withScore(n.kind === 'pointwise' ? compile(n.activation) : undefined),
    scale: valued(compile(n.scale), 1),
    sink: valued(n.kind === 'softmax' ? compile(n.sink) : undefined, -Infinity),
    keepAfter: valued(n.kind === 'softmax' ? compile(n.keepAfter) : undefined, true),
  })
  const keep = valued(compile(algorithm.maskMod), true)
  const score = withScore(compile(algorithm.scoreMod))
  if (normalizer.kind !== 'byHead') {
    const part = compilePart(normalizer)
    return () => ({ keep, score, part })
  }
  const [first, rest, count] = [compilePart(normalizer.first), compilePart(normalizer.rest), compile(normalizer.headCount)!]
  return () => ({ keep, score, part: cursor.h < (count() as number) ? first : rest })
}
