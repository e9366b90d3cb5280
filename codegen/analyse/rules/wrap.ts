import type { Expr } from '../../ir/hook.ts'
import type { NumberRange } from '../types.ts'
import { type Context, INT_MAX, INT_MIN } from './types.ts'

/** The static range, and the conditions under which the bounds did not wrap: asked for only where the exact (`real`) range leaves i32. */
export const guarded = (
  cx: Context,
  parts: Pick<NumberRange, 'lo' | 'hi' | 'direction'>,
  args: readonly NumberRange[],
  real: readonly [number, number],
  checks: { readonly low?: () => Expr; readonly high?: () => Expr },
): NumberRange => {
  const emitted = [real[0] < INT_MIN ? checks.low?.() : undefined, real[1] > INT_MAX ? checks.high?.() : undefined].filter((c) => c !== undefined)
  for (const c of emitted) if (c.kind !== 'const' || c.value !== true) cx.checks.add(c)
  return {
    type: 'i32', ...parts, min: Math.max(INT_MIN, real[0]), max: Math.min(INT_MAX, real[1]),
    ok: cx.fold.and(...args.map((a) => a.ok), ...emitted),
  }
}

type Operand = { readonly value: Expr; readonly min: number; readonly max: number }

/** `sum = x + y` did not wrap. */
export const addHolds = ({ fold }: Context, x: Expr, y: Operand, sum: Expr): Expr =>
  y.min >= 0 ? fold.compare('ge', sum, x)
  : y.max <= 0 ? fold.compare('le', sum, x)
  : fold.compare('ge', fold.like('bitAnd', fold.like('bitXor', x, sum), fold.like('bitXor', y.value, sum)), fold.int(0))

/** `difference = x - y` did not wrap. */
export const subHolds = ({ fold }: Context, x: Expr, y: Operand, difference: Expr): Expr =>
  y.min >= 0 ? fold.compare('le', difference, x)
  : y.max <= 0 ? fold.compare('ge', difference, x)
  : fold.compare('ge', fold.like('bitAnd', fold.like('bitXor', x, y.value), fold.like('bitXor', x, difference)), fold.int(0))

/** No product of a value of `x` and one of `y` wraps: checked in f32, whose three roundings stay far inside the margin below 2^31. */
export const mulHolds = ({ fold }: Context, x: NumberRange, y: NumberRange): Expr => {
  const size = (r: NumberRange): Expr => {
    const [lo, hi] = [r.lo, r.hi].map((e) => fold.op('f32', 'abs', fold.op('f32', 'toF32', e))) as [Expr, Expr]
    return fold.max(lo, hi)
  }
  return fold.compare('le', fold.op('f32', 'mul', size(x), size(y)), fold.float(2147480000))
}
