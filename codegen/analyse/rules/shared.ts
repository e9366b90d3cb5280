import { join } from '../direction.ts'
import type { BoolRange, NumberRange, Range } from '../types.ts'
import { logic } from './logic.ts'
import { bool, type Context, num, type Rule, unknown } from './types.ts'

type Pick2 = 'min' | 'max'

/** The side of the two that is known to win, or both of them compared at run time. */
const side = ({ fold }: Context, name: Pick2, a: NumberRange, b: NumberRange, end: 'lo' | 'hi') =>
  (name === 'min' ? a.max <= b.min : a.min >= b.max) ? a[end] : (name === 'min' ? b.max <= a.min : b.min >= a.max) ? b[end] : fold[name](a[end], b[end])

const extreme = (name: Pick2): Rule => (cx, args, type) => {
  const [a, b] = args.map(num) as [NumberRange, NumberRange]
  if (a.unknown || b.unknown) return unknown(cx, type, args)
  return {
    type: a.type, lo: side(cx, name, a, b, 'lo'), hi: side(cx, name, a, b, 'hi'), ok: cx.fold.and(a.ok, b.ok),
    min: Math[name](a.min, b.min), max: Math[name](a.max, b.max), direction: join(a.direction, b.direction),
  }
}

const sign: Rule = (cx, args, type) => {
  const a = num(args[0])
  if (a.unknown) return unknown(cx, type, args)
  return { ...a, lo: cx.fold.like('sign', a.lo), hi: cx.fold.like('sign', a.hi), min: Math.sign(a.min), max: Math.sign(a.max) }
}

/** A branch that the condition rules out is not looked at. */
const select: Rule = (cx, args, type) => {
  if (type === 'bool') return selectBool(cx, args, type)
  const c = bool(args[0])
  const [a, b] = args.slice(1).map(num) as [NumberRange, NumberRange]
  if (a.unknown || b.unknown) return unknown(cx, type, args)
  const { fold } = cx
  const choose = (end: 'lo' | 'hi', both: Pick2) => fold.select(c.always, a[end], fold.select(c.never, b[end], fold[both](a[end], b[end])))
  return {
    type: a.type, lo: choose('lo', 'min'), hi: choose('hi', 'max'), ok: fold.and(fold.or(c.never, a.ok), fold.or(c.always, b.ok)),
    min: Math.min(a.min, b.min), max: Math.max(a.max, b.max), direction: c.direction === 'flat' ? join(a.direction, b.direction) : 'none',
  }
}

const isConst = (r: Range, value: boolean): boolean => r.exact?.kind === 'const' && r.exact.value === value

/** A branch that is a constant makes the choice an `and` or an `or`, whose direction is known. */
const selectBool: Rule = (cx, args, type) => {
  const [c, a, b] = args.map(bool) as [BoolRange, BoolRange, BoolRange]
  const via = (op: 'and' | 'or', x: BoolRange, y: BoolRange) => logic[op]!(cx, [x, y], type)
  const otherwise = bool(logic.not!(cx, [c], type))
  if (isConst(b, false)) return via('and', c, a)
  if (isConst(a, true)) return via('or', c, b)
  if (isConst(a, false)) return via('and', otherwise, b)
  if (isConst(b, true)) return via('or', otherwise, a)
  const { fold } = cx
  const both = (end: 'always' | 'never') => fold.or(fold.and(c.always, a[end]), fold.and(c.never, b[end]), fold.and(a[end], b[end]))
  return { type: 'bool', always: both('always'), never: both('never'), direction: c.direction === 'flat' ? join(a.direction, b.direction) : 'none' }
}

const boolToI32: Rule = (cx, args) => {
  const a = bool(args[0])
  const { fold } = cx
  return { type: 'i32', lo: fold.select(a.always, fold.int(1), fold.int(0)), hi: fold.select(a.never, fold.int(0), fold.int(1)), ok: fold.yes, min: 0, max: 1, direction: a.direction }
}

export const shared: Readonly<Record<string, Rule>> = { min: extreme('min'), max: extreme('max'), sign, select, boolToI32 }
