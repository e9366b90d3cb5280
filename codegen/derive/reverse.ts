import { fail } from '../ir/diagnostics/index.ts'
import { type Expr } from '../ir/hook.ts'
import { axisOf, type Interaction, type Pass, tensorAxes } from '../ir/interaction/index.ts'
import { type Algebra, leavesOf } from './algebra.ts'
import { adjoints } from './differentiate.ts'
import { beyond, isPadded } from './padding.ts'

/** d out / d each input's element, as expressions of `in:d_out`, the inputs and the results of `passes`. */
export interface Reverse {
  /** The forward passes, then those that the adjoints need. */
  readonly passes: readonly Pass[]
  /** By input name, at each coordinate of the kept and the reduced axes: through the values of passes. */
  readonly walked: ReadonlyMap<string, Expr>
  /** By input name, at each element of the output: where the epilogue reads the input. */
  readonly element: ReadonlyMap<string, Expr>
  /** The output has the reduced axes: `walked` and `element` are at the same coordinates. */
  readonly keeps: boolean
  /** Expressions that stand behind a name in `walked`: adjoints of the results of passes, one of each element of the output. */
  readonly named: ReadonlyMap<string, Expr>
}

const LAST = 2147483647

const along = (a: Algebra, x: Interaction, name: string): Expr => {
  const { kind } = axisOf(x, name)
  if (kind === 'batch') return fail('SR2005', { name: x.name, what: `a mean, max or min over the batch axis ${name}` }, x.span)
  return a.b.param('i32', kind === 'jagged' ? `len:${name}` : `size:${name}`)
}

/** Where an element is among the reduced ones, counted row-major. */
const linear = (a: Algebra, x: Interaction): Expr =>
  x.reduced.map((r) => [a.b.param('i32', `at:${r}`) as Expr, along(a, x, r)] as const).reduce<Expr>((n, [at, size], i) => (i === 0 ? at : a.op('add', a.op('mul', n, size), at)), a.i(0))

/** Reverse mode over the epilogue and the passes, last to first. The first of equal maxima has the gradient. */
export const reverse = (a: Algebra, x: Interaction): Reverse => {
  const kept = x.reduced.filter((r) => tensorAxes(x.output).includes(r))
  const keeps = kept.length > 0
  if (keeps && kept.length < x.reduced.length) fail('SR2005', { name: x.name, what: `an output that keeps ${kept.join(', ')} of the reduced axes ${x.reduced.join(', ')}` }, x.span)
  const passes: Pass[] = x.passes.map((p) => ({ op: p.op, values: p.values.map((v) => a.rewrite(v, () => undefined)) }))
  let stats = passes.reduce((n, p) => n + p.values.length, 0)
  const append = (op: Pass['op'], value: Expr): Expr => {
    const i = passes.findIndex((p) => p.op === op && p.values.length === 1 && p.values[0] === value)
    if (i >= 0) return a.b.param(value.type, `stat:${passes.slice(0, i).reduce((n, p) => n + p.values.length, 0)}`)
    passes.push({ op, values: [value] })
    return a.b.param(value.type, `stat:${stats++}`)
  }
  const named = new Map<string, Expr>()
  const expand = (e: Expr): Expr => a.rewrite(e, (l) => (l.kind === 'param' ? named.get(l.name) : undefined))
  const [walked, element] = [new Map<string, Expr>(), new Map<string, Expr>()]
  const [atElement, overWalk] = [new Map<string, Expr>(), new Map<string, Expr>()]
  const collect = (found: ReadonlyMap<string, Expr>, inputs: Map<string, Expr>, results: Map<string, Expr>): void => {
    for (const [leaf, d] of found) {
      const [into, name] = leaf.startsWith('in:') ? [inputs, leaf.slice(3)] : [results, leaf]
      into.set(name, a.sum(into.get(name), d))
    }
  }
  collect(adjoints(a, a.rewrite(x.epilogue, () => undefined), a.b.param('f32', 'in:d_out')), element, atElement)

  /** What one pass hands to its values, given the adjoint of its result. */
  const factors: Readonly<Record<Pass['op'], (d: Expr, value: Expr, result: Expr) => Expr>> = {
    sum: (d) => d,
    mean: (d) => a.op('div', d, x.reduced.map((r) => a.op('toF32', along(a, x, r))).reduce((n, m) => a.op('mul', n, m))),
    max: (d, value, result) => a.op('select', a.op('eq', linear(a, x), append('min', a.op('select', a.op('eq', value, result), linear(a, x), a.i(LAST)))), d, a.zero()),
    min: (d, value, result) => factors.max(d, value, result),
  }
  let first = stats
  for (let p = x.passes.length - 1; p >= 0; p--) {
    const { op, values } = passes[p]!
    first -= values.length
    if (x.passes[p]!.detached) continue
    values.forEach((value, i) => {
      const leaf = `stat:${first + i}`
      if (value.type !== 'f32') return
      const walk = overWalk.get(leaf)
      const total = keeps ? a.sum(atElement.get(leaf), walk) : a.sum(atElement.get(leaf), walk && append('sum', expand(walk)))
      if (a.isZero(total)) return
      if (keeps) for (const axis of kept.filter((n) => isPadded(x, n))) if (!a.isZero(beyond(a, x, axis, a.sum(atElement.get(leaf))))) fail('SR2006', { name: x.name, axis }, x.span)
      let d = keeps ? append('sum', total) : total
      if (!keeps && leavesOf(d).some((l) => l.startsWith('stat:'))) {
        const name = `in:d_stat${first + i}`
        named.set(name, d)
        d = a.b.param('f32', name as `in:${string}`)
      }
      collect(adjoints(a, value, factors[op](d, value, a.b.param('f32', leaf as `stat:${number}`))), walked, overWalk)
    })
  }
  return { passes, walked, element, keeps, named }
}
