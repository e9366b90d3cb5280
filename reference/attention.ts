import type { Algorithm } from '../codegen/ir/algorithm.ts'
import { f64Arithmetic, plainArithmetic } from './arithmetic.ts'
import { attend, type AttentionProblem, type AttentionResult } from './attend.ts'
import { authorHooks, compiledHooks } from './hooks.ts'

export type { AttentionProblem, AttentionResult } from './attend.ts'

/**
 * Runs a definition in double precision by calling the author's own functions. Rows past the last offset, and rows that keep nothing, are
 * 0 with an lse of -inf; a score of -Infinity counts as masked. Throws SR6001 or SR6002 for a table read that has no value.
 */
export const attentionReference = (problem: AttentionProblem): AttentionResult =>
  attend(problem, (bound, cursor) => authorHooks(problem.definition, bound, cursor), f64Arithmetic)

/**
 * The unfused formula with f32 accumulation, weights and outputs rounded to `dtype` by `round`: what the tolerance rule compares with.
 * Hooks run as compiled, in f32, where the algorithm is given; else the author's functions rounded to f32.
 */
export const attentionPlain = (problem: AttentionProblem, round: (x: number) => number, algorithm?: Algorithm): AttentionResult =>
  attend(
    problem,
    (bound, cursor) => {
      if (algorithm) return compiledHooks(algorithm, bound, cursor, Math.fround)
      const author = authorHooks(problem.definition, bound, cursor)
      return () => {
        const { keep, score, part } = author()
        const f32 = Math.fround
        return { keep, score: (s) => f32(score(s)), part: { ...part, activation: (s) => f32(part.activation(s)), scale: () => f32(part.scale()), sink: () => f32(part.sink()) } }
      }
    },
    plainArithmetic(round),
  )
