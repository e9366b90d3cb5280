import type { Expr } from '../ir/hook.ts'
import { dependents } from './depends.ts'
import type { Fold } from './fold.ts'
import { rebuilt } from './plain.ts'
import { rangesOf, tileBox } from './ranges.ts'
import { INT_MAX, INT_MIN } from './rules/index.ts'
import type { NumberRange, Range } from './types.ts'

/** Keys from `from` on (absent: 0) and below `below` (absent: all), or the one key `at` (-1: none). */
export interface KeyRange { readonly from?: Expr; readonly below?: Expr; readonly at?: Expr }

/** Thrown where a comparison cannot be told as one with the key. */
export class NoBound extends Error {}
const noBound = (): never => { throw new NoBound() }

/** What differs between the keys of a row. */
const perKey = (body: Expr): ReadonlySet<Expr> => dependents(body, (e) => (e.kind === 'param' ? e.name === 'kv' : (e.kind === 'capture' || e.kind === 'table') && e.side === 'kv'))

/** Turns comparisons of a mask whose one side is monotone in kv into bounds of kv, exact for every key of the sequence, wrap included. */
export class KeyBounds {
  readonly perKey: ReadonlySet<Expr>
  /** i32: keys of the sequence. */
  readonly count: Expr
  readonly #fold: Fold
  readonly #ranges: ReadonlyMap<Expr, Range>

  constructor(fold: Fold, body: Expr) {
    this.#fold = fold
    this.#ranges = rangesOf(fold, tileBox(fold), body).ranges
    this.perKey = perKey(body)
    this.count = fold.builder.param('i32', 'kvLen')
  }

  /** e < bound. */
  less(e: Expr, bound: Expr): KeyRange {
    const f = this.#fold
    if (e.kind === 'param' && e.name === 'kv') return { below: this.#span(bound).min >= 0 ? f.min(bound, this.count) : f.max(f.min(bound, this.count), f.int(0)) }
    if (e.kind !== 'op' || e.type !== 'i32' || e.args.length !== 2) return noBound()
    const [a, b] = e.args as readonly [Expr, Expr]
    if (this.perKey.has(a) && this.perKey.has(b)) return noBound()
    const [inner, fixed] = this.perKey.has(a) ? [a, b] : [b, a]
    const passes = f.compare('lt', fixed, bound)
    if (e.op === 'min') return this.#either(passes, {}, this.less(inner, bound))
    if (e.op === 'max') return this.#either(passes, this.less(inner, bound), { below: f.int(0) })
    return e.op === 'add' || e.op === 'sub' ? this.#moved(e, inner, fixed, bound) : noBound()
  }

  /** e <= bound. */
  lessOrEqual(e: Expr, bound: Expr): KeyRange {
    const f = this.#fold
    if (this.#number(e).max === INT_MAX) return noBound()
    return this.less(e, f.add(this.#span(bound).max < INT_MAX ? bound : f.min(bound, f.int(INT_MAX - 1)), f.int(1)))
  }

  /** kv = bound. */
  equal(e: Expr, bound: Expr): KeyRange {
    const f = this.#fold
    if (e.kind !== 'param') return noBound()
    return { at: f.select(f.and(f.compare('ge', bound, f.int(0)), f.compare('lt', bound, this.count)), bound, f.int(-1)) }
  }

  /** The keys that a range with one end leaves out. */
  outside(r: KeyRange): KeyRange { return r.from ? { below: r.from } : { from: r.below ?? this.count } }

  /** Static bounds of what is the same for a row. */
  #span(e: Expr): { readonly min: number; readonly max: number } {
    const r = rangesOf(this.#fold, tileBox(this.#fold), e).ranges.get(e) as NumberRange
    return r.ok === this.#fold.yes ? r : { min: INT_MIN, max: INT_MAX }
  }

  #number(e: Expr): NumberRange {
    const r = this.#ranges.get(e)!
    return r.type === 'bool' ? noBound() : r
  }

  /** A sum or a difference: the bound is first brought between what it is at the first and at the last key, where it decides the same and nothing wraps. */
  #moved(e: Expr & { readonly kind: 'op' }, inner: Expr, fixed: Expr, bound: Expr): KeyRange {
    const f = this.#fold
    const all = this.#number(e), own = this.#number(inner)
    if (all.ok !== f.yes || all.max >= INT_MAX || own.max >= INT_MAX || own.min <= INT_MIN) return noBound()
    const falls = e.op === 'sub' && inner === e.args[1]
    const [first, last] = [f.int(0), f.sub(this.count, f.int(1))].map((key) => rebuilt(f, e, f.builder.param('i32', 'kv'), key)) as [Expr, Expr]
    const [least, most] = [f.min(first, last), f.max(first, last)]  // whichever way `inner` runs
    const near = f.max(f.min(bound, f.add(most, f.int(1))), least)
    if (falls) return this.outside(this.less(inner, f.add(f.sub(fixed, near), f.int(1))))
    return this.less(inner, e.op === 'add' ? f.sub(near, fixed) : f.add(near, fixed))
  }

  #either(c: Expr, yes: KeyRange, no: KeyRange): KeyRange {
    const f = this.#fold
    if (!yes.from && !no.from) return { below: f.select(c, yes.below ?? this.count, no.below ?? this.count) }
    return yes.below || no.below ? noBound() : { from: f.select(c, yes.from ?? f.int(0), no.from ?? f.int(0)) }
  }
}
