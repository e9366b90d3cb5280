import type { InteractionDefinition } from '../../dsl/interaction.ts'
import { plainArithmetic } from '../../reference/arithmetic.ts'
import { runWhole } from '../../reference/interaction/index.ts'
import { roundTo } from '../../runtime/dtypes.ts'
import { largest, largestError } from '../compare.ts'
import type { InteractionCase } from './case.ts'

/** What a tensor must be. */
export interface ExpectedTensor {
  readonly reference: Float64Array
  /** What the formula in the case's dtype, accumulated in f32, is off by. */
  readonly plainError: number
  readonly magnitude: number
}
export interface ExpectedInteraction extends ExpectedTensor {
  /** By tensor: the sums beside the output. */
  readonly sums: Readonly<Record<string, ExpectedTensor>>
}

const expected = (reference: Float64Array, plain: Float64Array): ExpectedTensor => ({ reference, plainError: largestError(plain, reference).max, magnitude: largest(reference) })

/** The output in f64, by the author's own functions where they are given, and the error of the plain formula in the case's dtype. */
export const expectedInteraction = (c: InteractionCase, definition?: InteractionDefinition): ExpectedInteraction => {
  const { interaction: x, data, shape: { dtype } } = c
  const reference = runWhole(x, data, definition ? { definition } : {})
  const plain = runWhole(x, data, { arithmetic: plainArithmetic((v) => (dtype === 'i32' ? v : roundTo(dtype, v))) })
  return { ...expected(reference.out, plain.out), sums: Object.fromEntries(Object.entries(reference.sums).map(([name, sum]) => [name, expected(sum, plain.sums[name]!)])) }
}
