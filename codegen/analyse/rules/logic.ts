import type { Expr } from '../../ir/hook.ts'
import { flip, join } from '../direction.ts'
import type { BoolRange, Direction, NumberRange } from '../types.ts'
import { bool, type Context, INT_MAX, INT_MIN, num, type Rule, unknown } from './types.ts'

const isInt = (e: Expr, n: number): boolean => e.kind === 'const' && e.type === 'i32' && e.value === n

/** `x` of a is below (or at) `y` of b for every pair of values: from static bounds where they decide, false where an end says nothing. */
const proven = ({ fold }: Context, a: NumberRange, b: NumberRange, name: 'lt' | 'le'): Expr => {
  if (name === 'lt' ? a.max < b.min : a.max <= b.min) return fold.yes
  if (name === 'lt' ? a.min >= b.max : a.min > b.max) return fold.no
  if (isInt(a.hi, INT_MAX) || isInt(b.lo, INT_MIN)) return fold.no
  return fold.compare(name, a.hi, b.lo)
}

const okOf = (cx: Context, a: NumberRange, b: NumberRange): Expr => cx.fold.and(a.ok, b.ok)
const order = (cx: Context, a: NumberRange, b: NumberRange, direction: Direction, name: 'lt' | 'le'): BoolRange => {
  const opposite = name === 'lt' ? 'le' : 'lt'
  return { type: 'bool', always: cx.fold.and(okOf(cx, a, b), proven(cx, a, b, name)), never: cx.fold.and(okOf(cx, a, b), proven(cx, b, a, opposite)), direction }
}

/** a < b turns true as a falls or b rises. A comparison with NaN is false: nothing is known of an unknown float. */
const less = (name: 'lt' | 'le'): Rule => (cx, args) => {
  const [a, b] = args.map(num) as [NumberRange, NumberRange]
  return a.unknown || b.unknown ? unknown(cx, 'bool', args) : order(cx, a, b, join(flip(a.direction), b.direction), name)
}
const swapped = (rule: Rule): Rule => (cx, args, type) => rule(cx, [args[1]!, args[0]!], type)

const equalNumbers = (cx: Context, a: NumberRange, b: NumberRange): Pick<BoolRange, 'always' | 'never'> => {
  const { fold } = cx
  const ok = okOf(cx, a, b)
  const vague = [a.lo, b.lo].some((e) => isInt(e, INT_MIN)) || [a.hi, b.hi].some((e) => isInt(e, INT_MAX))
  const same = vague || a.max < b.min || b.max < a.min ? fold.no : fold.and(fold.compare('eq', a.lo, b.hi), fold.compare('eq', a.hi, b.lo))
  return { always: fold.and(ok, same), never: fold.and(ok, fold.or(proven(cx, a, b, 'lt'), proven(cx, b, a, 'lt'))) }
}

const equalBools = ({ fold }: Context, a: BoolRange, b: BoolRange): Pick<BoolRange, 'always' | 'never'> => ({
  always: fold.or(fold.and(a.always, b.always), fold.and(a.never, b.never)),
  never: fold.or(fold.and(a.always, b.never), fold.and(a.never, b.always)),
})

const eq: Rule = (cx, args) => {
  if (args.some((a) => a.type !== 'bool' && a.unknown)) return unknown(cx, 'bool', args)
  const direction = args.every((a) => a.direction === 'flat') ? 'flat' : 'none'
  return { type: 'bool', direction, ...(args[0]!.type === 'bool' ? equalBools(cx, bool(args[0]), bool(args[1])) : equalNumbers(cx, num(args[0]), num(args[1]))) }
}

const not: Rule = (_cx, args) => {
  const a = bool(args[0])
  return { type: 'bool', always: a.never, never: a.always, direction: flip(a.direction) }
}

const and: Rule = (cx, args) => {
  const [a, b] = args.map(bool) as [BoolRange, BoolRange]
  return { type: 'bool', always: cx.fold.and(a.always, b.always), never: cx.fold.or(a.never, b.never), direction: join(a.direction, b.direction) }
}

const or: Rule = (cx, args) => {
  const [a, b] = args.map(bool) as [BoolRange, BoolRange]
  return { type: 'bool', always: cx.fold.or(a.always, b.always), never: cx.fold.and(a.never, b.never), direction: join(a.direction, b.direction) }
}

export const logic: Readonly<Record<string, Rule>> = {
  lt: less('lt'), le: less('le'), gt: swapped(less('lt')), ge: swapped(less('le')), eq, ne: (cx, args, type) => not(cx, [eq(cx, args, type)], type), and, or, not,
}
