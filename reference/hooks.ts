import type { AttentionDefinition } from '../dsl/index.ts'
import type { Algorithm } from '../codegen/ir/algorithm.ts'
import { type BoundCapture, type Cursor, seqOf } from './captures.ts'
import { compileExpression } from './expression.ts'

/** A definition's hooks for one sequence and head; the pair is the cursor's. */
export interface Hooks {
  keep(): boolean
  score(score: number): number
  activation(score: number): number
  scale(): number
}

/** Makes the hooks of the sequence and head under the cursor. */
export type HookFactory = (length: number) => Hooks

/** Calls the author's own functions, in double precision. */
export const authorHooks = (definition: AttentionDefinition, bound: Readonly<Record<string, BoundCapture>>, cursor: Cursor): HookFactory => {
  const { scoreMod, maskMod, normalizer } = definition
  return (length) => {
    const seq = seqOf(bound, length)
    const factor = normalizer.kind === 'pointwise' ? (typeof normalizer.scale === 'function' ? normalizer.scale(seq) : (normalizer.scale ?? 1)) : 1
    return {
      keep: maskMod ? () => maskMod(cursor.b, cursor.h, cursor.q, cursor.kv, seq) : () => true,
      score: scoreMod ? (s) => scoreMod(s, cursor.b, cursor.h, cursor.q, cursor.kv, seq) : (s) => s,
      activation: normalizer.kind === 'pointwise' ? normalizer.activation : (s) => s,
      scale: () => factor,
    }
  }
}

/** The same hooks as the compiler read them, every float operation rounded by `round` (Math.fround: as a kernel computes). */
export const compiledHooks = (algorithm: Algorithm, bound: Readonly<Record<string, BoundCapture>>, cursor: Cursor, round: (x: number) => number): HookFactory => {
  const { normalizer } = algorithm
  const frame = { score: 0, length: 0 }
  const leaves = { cursor, bound, frame }
  const compile = (hook: { readonly body: Parameters<typeof compileExpression>[0] } | undefined) => hook && compileExpression(hook.body, leaves, round)
  const scoreMod = compile(algorithm.scoreMod)
  const maskMod = compile(algorithm.maskMod)
  const activation = normalizer.kind === 'pointwise' ? compile(normalizer.activation) : undefined
  const scale = normalizer.kind === 'pointwise' ? compile(normalizer.scale) : undefined
  const withScore = (f: (() => number | boolean) | undefined) => (s: number): number => {
    if (!f) return s
    frame.score = s
    return f() as number
  }
  return (length) => {
    const enter = <T extends unknown[], R>(f: (...args: T) => R) => (...args: T): R => {
      frame.length = length
      return f(...args)
    }
    return {
      keep: enter(() => (maskMod ? (maskMod() as boolean) : true)),
      score: enter(withScore(scoreMod)),
      activation: enter(withScore(activation)),
      scale: enter(() => (scale ? (scale() as number) : 1)),
    }
  }
}
