import { type Expr, topological } from '../ir/hook.ts'
import { type Interaction, type Pass, tensorAxes } from '../ir/interaction/index.ts'
import type { Algebra } from './algebra.ts'

/** A term of a sum: what is the same for every element that is summed (absent: 1), and the element's part. */
interface Term { readonly of?: Expr; readonly element: Expr }

const statOf = (e: Expr): number | undefined => (e.kind === 'param' && e.name.startsWith('stat:') ? Number(e.name.slice(5)) : undefined)
const statsIn = (e: Expr): readonly number[] => topological(e).flatMap((n) => statOf(n) ?? [])

/** The same for all elements of a group: computed from its results, lengths and sizes. */
const isUniform = (x: Interaction, e: Expr): boolean =>
  topological(e).every((n) => n.kind === 'op' || n.kind === 'const' || (n.kind === 'capture' && x.captures.find((c) => c.name === n.name)?.kind === 'scalar') || (n.kind === 'param' && /^(stat|size|len):/.test(n.name)))

/** A value as terms, each with the factors that are the same for all elements taken out. A difference from such a number stays whole: split, its sums would cancel. */
const termsOf = (a: Algebra, x: Interaction, e: Expr): readonly Term[] => {
  const whole = [{ element: e }]
  if (e.kind !== 'op' || e.type !== 'f32') return whole
  const [left, right] = e.args as [Expr, Expr]
  const scaled = (terms: readonly Term[], by: (of: Expr) => Expr): readonly Term[] => terms.map((t) => ({ ...t, of: by(t.of ?? a.f(1)) }))
  const single = (of: Expr): Term => { const terms = termsOf(a, x, of); return terms.length === 1 ? terms[0]! : { element: of } }
  if (e.op === 'neg') return scaled(termsOf(a, x, left), (of) => a.op('neg', of))
  if ((e.op === 'add' || e.op === 'sub') && !isUniform(x, left) && !isUniform(x, right)) return [...termsOf(a, x, left), ...(e.op === 'add' ? termsOf(a, x, right) : scaled(termsOf(a, x, right), (of) => a.op('neg', of)))]
  if (e.op === 'div' && isUniform(x, right)) return scaled(termsOf(a, x, left), (of) => a.op('div', of, right))
  if (e.op !== 'mul') return whole
  if (isUniform(x, left)) return scaled(termsOf(a, x, right), (of) => a.op('mul', of, left))
  if (isUniform(x, right)) return scaled(termsOf(a, x, left), (of) => a.op('mul', of, right))
  const [l, r] = [single(left), single(right)]
  const of = l.of && r.of ? a.op('mul', l.of, r.of) : l.of ?? r.of
  return [{ element: a.op('mul', l.element, r.element), ...(of && { of }) }]
}

/** Terms of one element's part together. */
const gathered = (a: Algebra, terms: readonly Term[]): readonly Term[] => {
  const found = new Map<Expr, Expr>()
  for (const { of = a.f(1), element } of terms) found.set(element, found.has(element) ? a.op('add', found.get(element)!, of) : of)
  return [...found].map(([element, of]) => ({ element, of }))
}

/**
 * Sums whose factors are taken out of them, so that a sum that waited for another only in a factor needs to wait no more and both are added up in one pass: a norm's two sums, say.
 * Of groups that write the elements they sum alone: an empty one writes nothing, whatever its factors are. The sum of the differences from a mean is 0.
 */
export const linearSums = (a: Algebra, x: Interaction, passes: readonly Pass[], roots: readonly Expr[]): { readonly passes: readonly Pass[]; readonly roots: readonly Expr[] } => {
  const kept = tensorAxes(x.output)
  if (!x.reduced.length || x.reduced.some((r) => !kept.includes(r) || x.axes.find((axis) => axis.name === r)?.kind === 'batch')) return { passes, roots }
  const done: Pass[] = []
  const results: Expr[] = []
  let count = 0
  const renewed = (e: Expr): Expr => a.rewrite(e, (l) => { const n = statOf(l); return n === undefined ? undefined : results[n] })
  const passOf = (stat: number): { readonly pass: Pass; readonly at: number } => {
    let first = 0
    for (const [at, pass] of done.entries()) { if (stat < first + pass.values.length) return { pass: { ...pass, values: [pass.values[stat - first]!] }, at }; first += pass.values.length }
    throw new RangeError(`there is no result ${stat}`)
  }
  const depth = (e: Expr): number => Math.max(-1, ...statsIn(e).map((s) => passOf(s).at))
  const vanishes = (e: Expr): boolean => {
    const mean = e.kind === 'op' && e.op === 'sub' ? statOf(e.args[1]!) : undefined
    if (mean === undefined || e.kind !== 'op') return false
    const { pass } = passOf(mean)
    return pass.op === 'mean' && pass.values[0] === e.args[0]
  }
  for (const { op, values } of passes) {
    const own: Expr[] = []
    const add = (value: Expr): Expr => {
      const known = own.indexOf(value)
      if (known < 0) own.push(value)
      return a.b.param(value.type, `stat:${count + (known < 0 ? own.length - 1 : known)}`)
    }
    for (const value of values.map(renewed)) {
      const terms = op === 'sum' && value.type === 'f32' ? gathered(a, termsOf(a, x, value)).filter((t) => !vanishes(t.element)) : []
      const splits = terms.length === 1 || (terms.length > 1 && Math.max(...terms.map((t) => depth(t.element))) < depth(value))
      results.push(splits ? a.sum(...terms.map(({ of, element }) => a.op('mul', of!, add(element)))) : add(value))
    }
    done.push({ op, values: own })
    count += own.length
  }
  return { passes: done, roots: roots.map(renewed) }
}
