import type { Expr } from '../ir/hook.ts'
import { type Axis, axisOf, type Interaction, type LayoutAxis, tensorAxes, type TensorSpec } from '../ir/interaction/index.ts'
import { type Algebra, isPolynomial, leavesOf } from './algebra.ts'
import { inverses } from './invert.ts'
import { byEntry, entryAxis, type Listed } from './lists.ts'
import { beyond, isPadded } from './padding.ts'

/** A gradient's kernel before its passes are put together: `value` summed over `over` at each element of `output`. */
export interface Kernel {
  readonly axes: readonly Axis[]
  readonly output: TensorSpec
  readonly over: readonly string[]
  readonly value: Expr
}

const renamed = (t: TensorSpec, name: (axis: string) => string): TensorSpec => ({
  ...t, name: 'out', tensor: 'out', fill: 0,
  batch: t.batch === null ? null : name(t.batch),
  axes: t.axes.map((l): LayoutAxis => (l.kind === 'axis' ? { kind: 'axis', name: name(l.name) } : { ...l, row: name(l.row), column: name(l.column) })),
})

/** A tensor's axes in the order that they can be walked in: sequences before what is counted in them. */
const walkOrder = (x: Pick<Interaction, 'axes' | 'name'>, axes: readonly string[]): readonly string[] =>
  [...axes.filter((n) => axisOf(x, n).kind === 'batch'), ...axes.filter((n) => axisOf(x, n).kind !== 'batch')]

/** A choice between reads of d_out and 0: a movement. */
const moves = (e: Expr): boolean =>
  (e.kind === 'param' && e.name === 'in:d_out') || (e.kind === 'const' && e.value === 0) || (e.kind === 'op' && e.op === 'select' && moves(e.args[1]!) && moves(e.args[2]!))

/** 0 where the coordinate is outside of the axis. */
const inside = (a: Algebra, x: Interaction, name: string, value: Expr): Expr => {
  const at = a.b.param('i32', `at:${name}`)
  const end = a.b.param('i32', axisOf(x, name).kind === 'jagged' ? `len:${name}` : `size:${name}`)
  return a.op('select', a.op('and', a.op('ge', at, a.i(0)), a.op('lt', at, end)), value, a.zero())
}

/** Axes of a tensor whose index map has no inverse. */
export const comparedAxes = (a: Algebra, x: Interaction, t: TensorSpec, domain: readonly string[]): readonly string[] => {
  const inverted = inverses(a, x, t, domain).map((i) => i.axis)
  return tensorAxes(t).filter((n) => axisOf(x, n).index && !inverted.includes(n))
}

/**
 * d t[c] = Σ of `value` over the points of `domain` where t is read at c. Axes of t that are walked stay; an index map with an inverse is turned round; any other
 * one is compared with c at every point, or its sequences come from the lists of `from`. A padded output's places past a sequence's length are summed where they
 * depend on t: `AXIS_place` walks them all.
 */
export const kernelOf = (a: Algebra, x: Interaction, t: TensorSpec, domain: readonly string[], value: Expr, from?: { readonly listed: Listed; readonly list: string }): Kernel => {
  const back = inverses(a, x, t, domain)
  const inverted = new Map(back.map((i) => [i.axis, i]))
  const own = tensorAxes(t)
  const compared = own.filter((n) => axisOf(x, n).index && !inverted.has(n))
  const primed = new Set(own.filter((n) => compared.includes(n) || compared.includes(axisOf(x, n).batch ?? n)))
  const name = (n: string): string => (primed.has(n) ? `${n}_out` : n)
  const at = (n: string): Expr => a.b.param('i32', `at:${name(n)}`)
  const owners = new Map(back.map((i) => [i.o, i]))
  const missing = walkOrder(x, domain.filter((n) => !own.includes(n) && !owners.has(n)))
  const places = missing.filter((n) => isPadded(x, n) && !a.isZero(beyond(a, x, n, value)))
  const over = missing.map((n) => (n === from?.listed.batch ? from.list : places.includes(n) ? `${n}_place` : n))
  const axes = x.axes.map((axis): Axis => {
    const turned = owners.get(axis.name)
    if (turned) return { ...axis, index: turned.back(at(turned.axis)) }
    if (places.includes(axis.name)) return { ...axis, index: a.b.param('i32', `at:${axis.name}_place`) }
    const { index, ...walked } = axis
    if (from && axis.name === from.listed.batch) return { ...axis, index: a.b.param('i32', `in:${from.list}_items`) }
    if (compared.includes(axis.name)) return axis
    if (primed.has(axis.name)) return { ...axis, index: at(axis.name) }
    return inverted.has(axis.name) ? walked : axis
  })
  const fresh = [...primed].map((n): Axis => {
    if (n === from?.listed.axis) return entryAxis(x, n)
    const { index: _index, length: _length, ...axis } = axisOf(x, n)
    return { ...axis, name: name(n), ...(axis.batch && { batch: name(axis.batch) }) }
  })
  const everyPlace = places.map((n): Axis => ({ name: `${n}_place`, kind: 'jagged', like: `${n}_place`, batch: axisOf(x, n).batch ?? 'b', length: a.b.param('i32', `size:${n}`) }))
  const guarded = back.filter((i) => !tensorAxes(x.output).includes(i.o) || !isPolynomial(value)).reduce((v, i) => inside(a, x, i.o, v), value)
  const chosen = compared.filter((n) => n !== from?.listed.axis).reduce((v, n) => a.op('select', a.op('eq', a.b.param('i32', `at:${n}`), at(n)), v, a.zero()), guarded)
  const readsPlaces = (n: string): boolean => x.inputs.some((i) => i.storage === 'dense' && tensorAxes(i).includes(n) && leavesOf(value).includes(`in:${i.name}`))
  const loose = (n: string): boolean => !isPolynomial(value) || readsPlaces(n)
  /** Past the length d_out of a jagged output is 0; a reduction had no such element. */
  const outside = (n: string): boolean => (tensorAxes(x.output).includes(n) ? !moves(value) && (over.length === 0 || loose(n)) : loose(n) || !a.isZero(beyond(a, x, n, value)))
  const padding = t.storage === 'dense' ? own.filter((n) => axisOf(x, n).kind === 'jagged' && !primed.has(n) && domain.includes(n) && !isPadded(x, n) && outside(n)) : []
  const withLengths = padding.reduce((v, n) => a.op('select', a.op('lt', a.b.param('i32', `at:${n}`), a.b.param('i32', `len:${n}`)), v, a.zero()), chosen)
  const lists: readonly Axis[] = from ? [{ name: from.list, kind: 'jagged', like: from.list, batch: name(from.listed.axis) }] : []
  return { axes: [...axes, ...fresh, ...everyPlace, ...lists], output: renamed(from ? byEntry(t, from.listed.axis) : t, (n) => (n === `${from?.listed.axis}_out` ? n : name(n))), over, value: withLengths }
}
