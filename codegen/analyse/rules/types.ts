import type { Expr, ScalarType } from '../../ir/hook.ts'
import type { Fold } from '../fold.ts'
import type { BoolRange, NumberRange, Range } from '../types.ts'

export const INT_MIN = -2147483648
export const INT_MAX = 2147483647
/** A float whose static bound is above this may overflow to infinity in a later step: it is treated as unknown. */
export const FLOAT_MAX = 1e37

/** Builds ranges; `checks` collects every run-time condition against wrap that a rule had to emit. */
export interface Context {
  readonly fold: Fold
  readonly checks: Set<Expr>
}

/** Bounds of one operation's result from those of its operands. `type` is the result's. */
export type Rule = (cx: Context, args: readonly Range[], type: ScalarType) => Range

export const num = (r: Range | undefined): NumberRange => r as NumberRange
export const bool = (r: Range | undefined): BoolRange => r as BoolRange

export const unknownInt = ({ fold }: Context, direction: NumberRange['direction'] = 'none'): NumberRange =>
  ({ type: 'i32', lo: fold.int(INT_MIN), hi: fold.int(INT_MAX), ok: fold.yes, min: INT_MIN, max: INT_MAX, direction })

export const unknownFloat = ({ fold }: Context, direction: NumberRange['direction'] = 'none'): NumberRange =>
  ({ type: 'f32', lo: fold.float(0), hi: fold.float(0), ok: fold.yes, min: -Infinity, max: Infinity, direction, unknown: true })

export const unknownBool = ({ fold }: Context, direction: BoolRange['direction'] = 'none'): BoolRange =>
  ({ type: 'bool', always: fold.no, never: fold.no, direction })

/** Nothing known, beyond that a result of kv-free operands is kv-free. */
export const unknown = (cx: Context, type: ScalarType, args: readonly Range[] = []): Range => {
  const direction = args.every((a) => a.direction === 'flat') ? 'flat' : 'none'
  return type === 'i32' ? unknownInt(cx, direction) : type === 'f32' ? unknownFloat(cx, direction) : unknownBool(cx, direction)
}
