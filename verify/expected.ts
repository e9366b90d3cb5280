import type { AttentionDefinition } from '../dsl/index.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import { attentionPlain, type AttentionProblem, attentionReference, type AttentionResult, checkHooks } from '../reference/index.ts'
import { roundTo } from '../runtime/dtypes.ts'
import type { AttentionCase } from './case.ts'
import { largest, largestError } from './compare.ts'

/** The reference of a case, and how far the plain formula in its dtype is from it. */
export interface Expected {
  readonly reference: AttentionResult
  readonly plainError: { readonly out: number; readonly lse: number }
  readonly magnitude: { readonly out: number; readonly lse: number }
  /** Elements of the reference that are NaN: the definition itself gives no number there, and nothing is compared. */
  readonly undefined: number
}

const cache = new WeakMap<AttentionCase, Map<AttentionDefinition, Expected>>()

const compute = (definition: AttentionDefinition, c: AttentionCase): Expected => {
  const problem: AttentionProblem = { definition, headDim: c.headDim, heads: c.heads, kvHeads: c.kvHeads, valueDim: c.valueDim, rows: c.rows, ...c.values, extent: c.extent, captures: c.inputs.captures ?? {} }
  checkHooks(problem, c.algorithm)
  const reference = attentionReference(problem)
  const plain = attentionPlain(problem, (x) => roundTo(c.dtype, x), c.algorithm)
  const lse = reference.lse ?? []
  const plainError = { out: largestError(plain.out, reference.out).max, lse: largestError(plain.lse ?? [], lse).max }
  if (!Number.isFinite(plainError.out) || !Number.isFinite(plainError.lse)) fail('SR6006', { definition: definition.name, dtype: c.dtype })
  return Object.freeze({
    reference,
    plainError,
    magnitude: { out: largest(reference.out), lse: largest(lse) },
    undefined: reference.out.reduce((n, x) => n + (Number.isNaN(x) ? 1 : 0), 0),
  })
}

/** Computed once per case and definition. Throws SR6001 to SR6003 where the definition itself, or its compiled form, is at fault, SR6006 where the dtype cannot hold the outputs. */
export const expectedOf = (definition: AttentionDefinition, c: AttentionCase): Expected => {
  const known = cache.get(c) ?? new Map<AttentionDefinition, Expected>()
  cache.set(c, known)
  const expected = known.get(definition) ?? compute(definition, c)
  known.set(definition, expected)
  return expected
}
