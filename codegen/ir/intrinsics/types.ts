import type { Expr, ExprBuilder, ScalarType } from '../hook.ts'

/** Printed operands with the type of each; the record answers with text that is safe inside any other expression. */
export type Print = (args: readonly string[], types: readonly ScalarType[]) => string

/** All there is to know about one operation. */
export interface Intrinsic {
  /** Accepted operand types and the result of each, in order of preference. */
  readonly signatures: readonly { readonly args: readonly ScalarType[]; readonly result: ScalarType }[]
  /** The value as a kernel computes it: i32 wraps, f32 is left in double precision. */
  readonly js: (args: readonly (number | boolean)[], types: readonly ScalarType[]) => number | boolean
  readonly wgsl: Print
  readonly cuda: Print
  /** Partial derivative by each f32 operand, given the node; absent: not differentiable (0 almost everywhere or not a float). */
  readonly derivative?: (b: ExprBuilder, node: Expr & { kind: 'op' }) => readonly (Expr | null)[]
}

export const sig = (text: string): Intrinsic['signatures'] =>
  text.split(';').map((one) => {
    const [args, result] = one.split('->')
    return { args: args!.trim().split(',').filter(Boolean).map((t) => t.trim() as ScalarType), result: result!.trim() as ScalarType }
  })
