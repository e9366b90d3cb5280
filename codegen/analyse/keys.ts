import type { Expr } from '../ir/hook.ts'
import { Fold } from './fold.ts'
import { KeyBounds, type KeyRange, NoBound } from './key-bounds.ts'
import { rebuilt } from './plain.ts'

export type { KeyRange } from './key-bounds.ts'

/** Ranges of a row past which comparing their bounds costs as much as asking the mask. */
const MOST = 3
/** Ranges of a part of a mask past which it is given up: `and` multiplies them. */
const MOST_OF_PART = 16

type Union = readonly KeyRange[]
type Comparison = 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne'
const swapped: Readonly<Record<Comparison, Comparison>> = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le', eq: 'eq', ne: 'ne' }
const opposite: Readonly<Record<Comparison, Comparison>> = { lt: 'ge', le: 'gt', gt: 'le', ge: 'lt', eq: 'ne', ne: 'eq' }
const isComparison = (op: string): op is Comparison => op in swapped

const comparisons: Readonly<Record<Comparison, (k: KeyBounds, f: Fold, e: Expr, bound: Expr) => Union>> = {
  lt: (k, _f, e, bound) => [k.less(e, bound)],
  le: (k, _f, e, bound) => [k.lessOrEqual(e, bound)],
  gt: (k, _f, e, bound) => [k.outside(k.lessOrEqual(e, bound))],
  ge: (k, _f, e, bound) => [k.outside(k.less(e, bound))],
  eq: (k, _f, e, bound) => [k.equal(e, bound)],
  ne: (k, f, e, bound) => {
    const at = k.equal(e, bound).at!
    return [{ below: f.max(at, f.int(0)) }, { from: f.add(at, f.int(1)) }]
  },
}

const both = (f: Fold, x: KeyRange, y: KeyRange): KeyRange => {
  if (y.at && !x.at) return both(f, y, x)
  if (x.at) {
    const within = [y.at && f.compare('eq', x.at, y.at), y.from && f.compare('ge', x.at, y.from), y.below && f.compare('lt', x.at, y.below)]
    return { at: f.select(f.and(...within.filter((c) => c !== undefined)), x.at, f.int(-1)) }
  }
  const from = x.from && y.from ? f.max(x.from, y.from) : x.from ?? y.from
  const below = x.below && y.below ? f.min(x.below, y.below) : x.below ?? y.below
  return { ...(from && { from }), ...(below && { below }) }
}

/** Ranges with the same open end are one. */
const merged = (f: Fold, ranges: Union): Union => {
  if (ranges.some((r) => !r.at && !r.from && !r.below)) return [{}]
  const lower = ranges.filter((r) => r.below && !r.from), upper = ranges.filter((r) => r.from && !r.below)
  return [
    ...ranges.filter((r) => !lower.includes(r) && !upper.includes(r)),
    ...(lower.length > 0 ? [{ below: lower.map((r) => r.below!).reduce((a, b) => f.max(a, b)) }] : []),
    ...(upper.length > 0 ? [{ from: upper.map((r) => r.from!).reduce((a, b) => f.min(a, b)) }] : []),
  ]
}

const unionOf = (k: KeyBounds, f: Fold, e: Expr, negated: boolean): Union => {
  if (!k.perKey.has(e)) {
    const kept = negated ? f.not(e) : e
    return kept.kind === 'const' ? (kept.value ? [{}] : []) : [{ below: f.select(kept, k.count, f.int(0)) }]
  }
  if (e.kind !== 'op') throw new NoBound()
  if (e.op === 'not') return unionOf(k, f, e.args[0]!, !negated)
  if (e.op === 'and' || e.op === 'or') {
    const parts = e.args.map((a) => unionOf(k, f, a, negated))
    const union = (e.op === 'or') !== negated ? parts.flat() : parts.reduce((xs, ys) => {
      if (xs.length * ys.length > MOST_OF_PART) throw new NoBound()
      return xs.flatMap((x) => ys.map((y) => both(f, x, y)))
    })
    if (union.length > MOST_OF_PART) throw new NoBound()
    return merged(f, union)
  }
  const [a, b] = e.args as readonly [Expr, Expr]
  if (!isComparison(e.op) || a.type !== 'i32' || (k.perKey.has(a) && k.perKey.has(b))) throw new NoBound()
  const [op, key, bound] = k.perKey.has(a) ? [e.op, a, b] as const : [swapped[e.op], b, a] as const
  return comparisons[negated ? opposite[op] : op](k, f, key, bound)
}

/**
 * The keys that a row of a mask keeps, as a union of a few ranges: all that a score's place must be compared with, found once a row. Bounds read q, b, h, qLen, kvLen and
 * captures of the sequence or the query, and lie in 0..kvLen. Undefined where the mask has no such form.
 */
export const keyRanges = (mask: Expr): Union | undefined => {
  const fold = new Fold()
  const body = rebuilt(fold, mask)
  try {
    const ranges = unionOf(new KeyBounds(fold, body), fold, body, false)
    return ranges.length > 0 && ranges.length <= MOST ? ranges : undefined
  } catch (e) {
    if (e instanceof NoBound) return undefined
    throw e
  }
}
