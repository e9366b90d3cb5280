import type { Expr } from '../../ir/hook.ts'
import { flip, join } from '../direction.ts'
import type { NumberRange, Range } from '../types.ts'
import { type Context, FLOAT_MAX, INT_MAX, INT_MIN, num, type Rule, unknown, unknownInt } from './types.ts'

/** Far more than the rounding of one f32 operation, contracted or not; a power of two, so that the widening itself stays monotone. */
const SLACK = 2 ** -20
const TINY = 1e-30

const below = ({ fold }: Context, x: Expr): Expr => fold.sub(fold.sub(x, fold.like('mul', fold.like('abs', x), fold.float(SLACK))), fold.float(TINY))
const above = ({ fold }: Context, x: Expr): Expr => fold.add(fold.add(x, fold.like('mul', fold.like('abs', x), fold.float(SLACK))), fold.float(TINY))

const okOf = (cx: Context, args: readonly Range[]) => cx.fold.and(...args.map((a) => num(a).ok))
const hasUnknown = (args: readonly Range[]): boolean => args.some((a) => num(a).unknown)

/** A rounded result: bounds widened, unknown where infinity could come up later. */
const rounded = (cx: Context, args: readonly Range[], parts: Pick<NumberRange, 'lo' | 'hi' | 'min' | 'max' | 'direction'>): Range => {
  const min = parts.min - Math.abs(parts.min) * 2 * SLACK - TINY * 2, max = parts.max + Math.abs(parts.max) * 2 * SLACK + TINY * 2
  if (hasUnknown(args) || !(min >= -FLOAT_MAX && max <= FLOAT_MAX)) return unknown(cx, 'f32', args)
  return { type: 'f32', lo: below(cx, parts.lo), hi: above(cx, parts.hi), min, max, direction: parts.direction, ok: okOf(cx, args) }
}

const add: Rule = (cx, args) => {
  const [a, b] = args.map(num) as [NumberRange, NumberRange]
  return rounded(cx, args, { lo: cx.fold.add(a.lo, b.lo), hi: cx.fold.add(a.hi, b.hi), min: a.min + b.min, max: a.max + b.max, direction: join(a.direction, b.direction) })
}

const sub: Rule = (cx, args) => {
  const [a, b] = args.map(num) as [NumberRange, NumberRange]
  return rounded(cx, args, { lo: cx.fold.sub(a.lo, b.hi), hi: cx.fold.sub(a.hi, b.lo), min: a.min - b.max, max: a.max - b.min, direction: join(a.direction, flip(b.direction)) })
}

/** Bounds of `x · c` or `x / c` for a positive or negative constant keep x's direction; other products only their four corners. */
const mul: Rule = (cx, args) => {
  const [a, b] = args.map(num) as [NumberRange, NumberRange]
  if (hasUnknown(args)) return unknown(cx, 'f32', args)
  const { fold } = cx
  const products = [fold.like('mul', a.lo, b.lo), fold.like('mul', a.lo, b.hi), fold.like('mul', a.hi, b.lo), fold.like('mul', a.hi, b.hi)]
  const corners = [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max]
  const scaled = (x: NumberRange, c: NumberRange) => (c.min === c.max ? (c.min >= 0 ? x.direction : flip(x.direction)) : undefined)
  const direction = scaled(a, b) ?? scaled(b, a) ?? (join(a.direction, b.direction) === 'flat' ? 'flat' : 'none')
  const distinct = [...new Set(products)]
  return rounded(cx, args, { lo: distinct.reduce((x, y) => fold.min(x, y)), hi: distinct.reduce((x, y) => fold.max(x, y)), min: Math.min(...corners), max: Math.max(...corners), direction })
}

/** Only by a constant that is far from zero. */
const div: Rule = (cx, args) => {
  const [a, b] = args.map(num) as [NumberRange, NumberRange]
  if (hasUnknown(args) || b.min !== b.max || Math.abs(b.min) < 1e-6) return unknown(cx, 'f32', args)
  const lo = cx.fold.like('div', a.lo, b.lo), hi = cx.fold.like('div', a.hi, b.lo)
  const [min, max] = [a.min / b.min, a.max / b.min]
  return b.min > 0
    ? rounded(cx, args, { lo, hi, min, max, direction: a.direction })
    : rounded(cx, args, { lo: hi, hi: lo, min: max, max: min, direction: flip(a.direction) })
}

const neg: Rule = (cx, args) => {
  const a = num(args[0])
  return a.unknown ? unknown(cx, 'f32', args) : { ...a, lo: cx.fold.like('neg', a.hi), hi: cx.fold.like('neg', a.lo), min: -a.max, max: -a.min, direction: flip(a.direction) }
}

const abs: Rule = (cx, args) => {
  const a = num(args[0])
  if (a.unknown) return unknown(cx, 'f32', args)
  if (a.min >= 0) return a
  const { fold } = cx
  const lo = fold.max(fold.float(0), fold.max(a.lo, fold.like('neg', a.hi))), hi = fold.max(a.hi, fold.like('neg', a.lo))
  return { ...a, lo, hi, min: Math.max(0, a.min, -a.max), max: Math.max(a.max, -a.min), direction: a.direction === 'flat' ? 'flat' : 'none' }
}

/** Rounding to whole numbers is exact and monotone. */
const whole = (name: string): Rule => (cx, args) => {
  const a = num(args[0])
  return a.unknown ? unknown(cx, 'f32', args) : { ...a, lo: cx.fold.like(name, a.lo), hi: cx.fold.like(name, a.hi), min: Math.floor(a.min), max: Math.ceil(a.max) }
}

/** Every rounding mode is monotone, so the bounds of the integer, converted, bound the conversion. */
const toF32: Rule = (cx, args) => {
  const a = num(args[0])
  return { type: 'f32', lo: cx.fold.op('f32', 'toF32', a.lo), hi: cx.fold.op('f32', 'toF32', a.hi), ok: a.ok, min: a.min - Math.abs(a.min) * SLACK, max: a.max + Math.abs(a.max) * SLACK, direction: a.direction }
}

/** Towards zero and saturating: monotone. */
const toI32: Rule = (cx, args) => {
  const a = num(args[0])
  if (a.unknown) return unknownInt(cx, a.direction === 'flat' ? 'flat' : 'none')
  const limit = (x: number) => Math.max(INT_MIN, Math.min(INT_MAX, Math.trunc(x)))
  return { type: 'i32', lo: cx.fold.op('i32', 'toI32', a.lo), hi: cx.fold.op('i32', 'toI32', a.hi), ok: a.ok, min: limit(a.min), max: limit(a.max), direction: a.direction }
}

export const float: Readonly<Record<string, Rule>> = {
  add, sub, mul, div, neg, abs, floor: whole('floor'), ceil: whole('ceil'), trunc: whole('trunc'), roundEven: whole('roundEven'),
}
export const conversions: Readonly<Record<string, Rule>> = { toF32, toI32 }
