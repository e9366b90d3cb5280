import { flip, join } from '../direction.ts'
import type { NumberRange } from '../types.ts'
import { type Context, INT_MIN, num, type Rule, unknown } from './types.ts'
import { addHolds, guarded, mulHolds, subHolds } from './wrap.ts'

const low = (r: NumberRange) => ({ value: r.lo, min: r.min, max: r.max })
const high = (r: NumberRange) => ({ value: r.hi, min: r.min, max: r.max })
const okOf = (cx: Context, ...rs: readonly NumberRange[]) => cx.fold.and(...rs.map((r) => r.ok))

const add: Rule = (cx, args) => {
  const [a, b] = args.map(num) as [NumberRange, NumberRange]
  const lo = cx.fold.add(a.lo, b.lo), hi = cx.fold.add(a.hi, b.hi)
  return guarded(cx, { lo, hi, direction: join(a.direction, b.direction) }, [a, b], [a.min + b.min, a.max + b.max], {
    low: () => addHolds(cx, a.lo, low(b), lo), high: () => addHolds(cx, a.hi, high(b), hi),
  })
}

const sub: Rule = (cx, args) => {
  const [a, b] = args.map(num) as [NumberRange, NumberRange]
  const lo = cx.fold.sub(a.lo, b.hi), hi = cx.fold.sub(a.hi, b.lo)
  return guarded(cx, { lo, hi, direction: join(a.direction, flip(b.direction)) }, [a, b], [a.min - b.max, a.max - b.min], {
    low: () => subHolds(cx, a.lo, high(b), lo), high: () => subHolds(cx, a.hi, low(b), hi),
  })
}

const productDirection = (a: NumberRange, b: NumberRange) =>
  a.min >= 0 && b.min >= 0 ? join(a.direction, b.direction)
  : b.direction === 'flat' && b.min >= 0 ? a.direction
  : b.direction === 'flat' && b.max <= 0 ? flip(a.direction)
  : a.direction === 'flat' && a.min >= 0 ? b.direction
  : a.direction === 'flat' && a.max <= 0 ? flip(b.direction)
  : a.direction === 'flat' && b.direction === 'flat' ? 'flat' as const : 'none' as const

const productBounds = ({ fold }: Context, a: NumberRange, b: NumberRange) => {
  const times = (x: 'lo' | 'hi', y: 'lo' | 'hi') => fold.like('mul', a[x], b[y])
  if (a.min >= 0 && b.min >= 0) return { lo: times('lo', 'lo'), hi: times('hi', 'hi') }
  if (b.lo === b.hi && b.min >= 0) return { lo: times('lo', 'lo'), hi: times('hi', 'lo') }
  if (b.lo === b.hi && b.max <= 0) return { lo: times('hi', 'lo'), hi: times('lo', 'lo') }
  const all = [times('lo', 'lo'), times('lo', 'hi'), times('hi', 'lo'), times('hi', 'hi')]
  return { lo: all.reduce((x, y) => fold.min(x, y)), hi: all.reduce((x, y) => fold.max(x, y)) }
}

const mul: Rule = (cx, args) => {
  const [a, b] = args.map(num) as [NumberRange, NumberRange]
  const corners = [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max]
  const holds = () => mulHolds(cx, a, b)
  return guarded(cx, { ...(b.lo === b.hi || a.lo !== a.hi ? productBounds(cx, a, b) : productBounds(cx, b, a)), direction: productDirection(a, b) },
    [a, b], [Math.min(...corners), Math.max(...corners)], { low: holds, high: holds })
}

const neg: Rule = (cx, args) => {
  const a = num(args[0])
  return guarded(cx, { lo: cx.fold.like('neg', a.hi), hi: cx.fold.like('neg', a.lo), direction: flip(a.direction) }, [a], [-a.max, -a.min],
    { high: () => cx.fold.compare('ne', a.lo, cx.fold.int(INT_MIN)) })
}

const abs: Rule = (cx, args) => {
  const a = num(args[0])
  if (a.min >= 0) return a
  const { fold } = cx
  const negated = { lo: fold.like('neg', a.hi), hi: fold.like('neg', a.lo) }
  return guarded(cx, { lo: fold.max(fold.int(0), fold.max(a.lo, negated.lo)), hi: fold.max(a.hi, negated.hi), direction: a.direction === 'flat' ? 'flat' : 'none' },
    [a], [Math.max(0, a.min, -a.max), Math.max(a.max, -a.min)], { high: () => fold.compare('ne', a.lo, fold.int(INT_MIN)) })
}

/** Floor division is monotone in its dividend, and in its divisor on either side of zero; the one wrap is INT_MIN / -1. */
const floorDiv: Rule = (cx, args) => {
  const [a, b] = args.map(num) as [NumberRange, NumberRange]
  const { fold } = cx
  const over = (x: 'lo' | 'hi', y: 'lo' | 'hi') => fold.like('floorDiv', a[x], b[y])
  const real = [Math.min(a.min, -a.max), Math.max(a.max, -a.min)] as const
  if (b.min > 0) {
    const parts = b.lo === b.hi ? { lo: over('lo', 'lo'), hi: over('hi', 'lo') } : { lo: fold.min(over('lo', 'lo'), over('lo', 'hi')), hi: fold.max(over('hi', 'lo'), over('hi', 'hi')) }
    return { type: 'i32', ...parts, ok: okOf(cx, a, b), min: Math.min(0, a.min), max: Math.max(0, a.max), direction: b.direction === 'flat' ? a.direction : 'none' }
  }
  if (!b.exact) return unknown(cx, 'i32', args)
  return guarded(cx, { lo: fold.min(over('lo', 'lo'), over('hi', 'lo')), hi: fold.max(over('lo', 'lo'), over('hi', 'lo')), direction: a.direction === 'flat' ? 'flat' : 'none' },
    [a, b], real, { high: () => fold.or(fold.compare('ne', b.exact!, fold.int(-1)), fold.compare('ne', a.lo, fold.int(INT_MIN))) })
}

/** Inside one period of the divisor the remainder grows with the dividend; across periods it is only bounded. */
const mod: Rule = (cx, args) => {
  const [a, b] = args.map(num) as [NumberRange, NumberRange]
  if (!b.exact) return unknown(cx, 'i32', args)
  const { fold } = cx
  const same = fold.compare('eq', fold.like('floorDiv', a.lo, b.exact), fold.like('floorDiv', a.hi, b.exact))
  const least = b.min > 0 ? fold.int(0) : fold.add(fold.min(b.exact, fold.int(-1)), fold.int(1))
  const most = b.min > 0 ? fold.sub(b.exact, fold.int(1)) : fold.sub(fold.max(b.exact, fold.int(1)), fold.int(1))
  const zero = b.min <= 0 && b.max >= 0
  return {
    type: 'i32', lo: fold.select(same, fold.like('mod', a.lo, b.exact), least), hi: fold.select(same, fold.like('mod', a.hi, b.exact), most), ok: okOf(cx, a, b),
    min: Math.min(b.min + 1, 0, zero ? a.min : 0), max: Math.max(b.max - 1, 0, zero ? a.max : 0), direction: args.every((x) => x.direction === 'flat') ? 'flat' : 'none',
  }
}

/** Has the dividend's sign and at most its size; 0 where the divisor is 0. */
const rem: Rule = (cx, args) => {
  const [a, b] = args.map(num) as [NumberRange, NumberRange]
  const { fold } = cx
  const direction = args.every((x) => x.direction === 'flat') ? 'flat' as const : 'none' as const
  const loose = { lo: fold.min(a.lo, fold.int(0)), hi: fold.max(a.hi, fold.int(0)) }
  const common = { type: 'i32' as const, ok: okOf(cx, a, b), min: Math.min(a.min, 0), max: Math.max(a.max, 0), direction }
  if (!b.exact || b.min <= 0) return { ...common, ...loose }
  if (a.min >= 0) return mod(cx, args, 'i32')
  const most = fold.sub(b.exact, fold.int(1))
  const period = fold.compare('eq', fold.like('floorDiv', a.lo, b.exact), fold.like('floorDiv', a.hi, b.exact))
  const same = fold.or(fold.compare('eq', a.lo, a.hi), fold.and(fold.compare('ge', a.lo, fold.int(0)), period))
  return {
    ...common, min: Math.max(common.min, 1 - b.max), max: Math.min(common.max, b.max - 1),
    lo: fold.select(same, fold.like('rem', a.lo, b.exact), fold.max(loose.lo, fold.like('neg', most))),
    hi: fold.select(same, fold.like('rem', a.hi, b.exact), fold.min(loose.hi, most)),
  }
}

const bitAnd: Rule = (cx, args) => {
  const positive = args.map(num).filter((r) => r.min >= 0)
  if (positive.length === 0) return unknown(cx, 'i32', args)
  const hi = positive.map((r) => r.hi).reduce((x, y) => cx.fold.min(x, y))
  return { ...num(unknown(cx, 'i32', args)), lo: cx.fold.int(0), hi, min: 0, max: Math.min(...positive.map((r) => r.max)), ok: okOf(cx, ...args.map(num)) }
}

const bitOr: Rule = (cx, args) => {
  const [a, b] = args.map(num) as [NumberRange, NumberRange]
  if (a.min < 0 || b.min < 0) return unknown(cx, 'i32', args)
  return { ...num(unknown(cx, 'i32', args)), lo: cx.fold.max(a.lo, b.lo), min: Math.max(a.min, b.min), ok: okOf(cx, a, b) }
}

const bitXor: Rule = (cx, args) => {
  const [a, b] = args.map(num) as [NumberRange, NumberRange]
  if (a.min < 0 || b.min < 0) return unknown(cx, 'i32', args)
  return { ...num(unknown(cx, 'i32', args)), lo: cx.fold.int(0), min: 0, ok: okOf(cx, a, b) }
}

/** A known shift of 0 to 30 is a product with a power of two. */
const shl: Rule = (cx, args, type) => {
  const by = num(args[1])
  if (by.min !== by.max || by.min < 0 || by.min > 30) return unknown(cx, 'i32', args)
  const factor = 2 ** by.min
  return mul(cx, [args[0]!, { ...by, lo: cx.fold.int(factor), hi: cx.fold.int(factor), min: factor, max: factor, exact: cx.fold.int(factor) }], type)
}

const shr: Rule = (cx, args) => {
  const [a, by] = args.map(num) as [NumberRange, NumberRange]
  const { fold } = cx
  const common = { type: 'i32' as const, ok: okOf(cx, a, by), min: Math.min(a.min, 0), max: Math.max(a.max, 0) }
  if (by.exact) return { ...common, lo: fold.like('shr', a.lo, by.exact), hi: fold.like('shr', a.hi, by.exact), direction: a.direction }
  return { ...common, lo: fold.min(a.lo, fold.int(0)), hi: fold.max(a.hi, fold.int(0)), direction: args.every((x) => x.direction === 'flat') ? 'flat' : 'none' }
}

export const integer: Readonly<Record<string, Rule>> = { add, sub, mul, neg, abs, floorDiv, mod, rem, bitAnd, bitOr, bitXor, shl, shr }
