import type { InteractionDefinition } from '../../dsl/interaction.ts'
import { plainArithmetic } from '../../reference/arithmetic.ts'
import { runInteraction } from '../../reference/interaction/index.ts'
import { roundTo } from '../../runtime/dtypes.ts'
import { largest, largestError } from '../compare.ts'
import type { InteractionCase } from './case.ts'

export interface ExpectedInteraction {
  readonly reference: Float64Array
  /** What the formula in the case's dtype, accumulated in f32, is off by. */
  readonly plainError: number
  readonly magnitude: number
}

/** The output in f64, by the author's own functions where they are given, and the error of the plain formula in the case's dtype. */
export const expectedInteraction = (c: InteractionCase, definition?: InteractionDefinition): ExpectedInteraction => {
  const { interaction: x, data, shape: { dtype } } = c
  const reference = runInteraction(x, data, definition ? { definition } : {})
  const plain = runInteraction(x, data, { arithmetic: plainArithmetic((v) => (dtype === 'i32' ? v : roundTo(dtype, v))) })
  return { reference, plainError: largestError(plain, reference).max, magnitude: largest(reference) }
}
