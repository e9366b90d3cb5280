import { type Expr, topological } from '../ir/hook.ts'
import { exprAxes, type Interaction, type Pass, tensorAxes } from '../ir/interaction/index.ts'
import { type Algebra, statOf, statsIn } from './algebra.ts'

/** A term of a sum: the element's part, and what is done to its sum, operation for operation as it was done to the elements: so that what cancelled before still does. */
interface Term { readonly element: Expr; readonly then: (sum: Expr) => Expr }

/** The same for all elements of a group: computed from its results, from sizes, and from lengths that do not change along what is summed. */
const isUniform = (x: Interaction, e: Expr): boolean =>
  topological(e).every((n) => n.kind === 'op' || n.kind === 'const' || (n.kind === 'capture' && x.captures.find((c) => c.name === n.name)?.kind === 'scalar')
    || (n.kind === 'param' && (/^(stat|size):/.test(n.name) || (n.name.startsWith('len:') && ![...exprAxes(x, n)].some((axis) => x.reduced.includes(axis))))))

const divides = (a: Algebra, { then }: Term): boolean => topological(then(a.b.param('f32', 'stat:0'))).some((n) => n.kind === 'op' && n.op === 'div')

/**
 * Terms of a value, each with the factors that are the same for all elements taken out. A difference from such a number stays whole: split, its sums would cancel. So does a product of
 * two quotients: its divisors may protect each other's range.
 */
const termsIn = (a: Algebra, x: Interaction): ((e: Expr) => readonly Term[]) => {
  const known = new Map<Expr, readonly Term[]>()
  const followed = (terms: readonly Term[], by: (sum: Expr) => Expr): readonly Term[] => terms.map(({ element, then }) => ({ element, then: (sum) => by(then(sum)) }))
  const alone = (element: Expr): Term => ({ element, then: (sum) => sum })
  const negative = (e: Expr): readonly Term[] => followed(termsOf(e), (sum) => a.op('neg', sum))
  const single = (e: Expr): Term => { const terms = termsOf(e); return terms.length === 1 ? terms[0]! : alone(e) }
  const found = (e: Expr): readonly Term[] => {
    const whole = [alone(e)]
    if (e.kind !== 'op' || e.type !== 'f32') return whole
    const [left, right] = e.args as [Expr, Expr]
    if (e.op === 'neg') return negative(left)
    if ((e.op === 'add' || e.op === 'sub') && !isUniform(x, left) && !isUniform(x, right)) return [...termsOf(left), ...(e.op === 'add' ? termsOf(right) : negative(right))]
    if (e.op === 'div' && isUniform(x, right)) return followed(termsOf(left), (sum) => a.op('div', sum, right))
    if (e.op !== 'mul') return whole
    if (isUniform(x, left)) return followed(termsOf(right), (sum) => a.op('mul', left, sum))
    if (isUniform(x, right)) return followed(termsOf(left), (sum) => a.op('mul', sum, right))
    const [l, r] = [single(left), single(right)]
    if (divides(a, l) && divides(a, r)) return whole
    return [{ element: a.op('mul', l.element, r.element), then: (sum) => r.then(l.then(sum)) }]
  }
  const termsOf = (e: Expr): readonly Term[] => {
    const terms = known.get(e) ?? found(e)
    known.set(e, terms)
    return terms
  }
  return termsOf
}

/** Terms of one element's part together. */
const gathered = (a: Algebra, terms: readonly Term[]): readonly Term[] => {
  const found = new Map<Expr, (sum: Expr) => Expr>()
  for (const { element, then } of terms) {
    const before = found.get(element)
    found.set(element, before ? (sum) => a.op('add', before(sum), then(sum)) : then)
  }
  return [...found].map(([element, then]) => ({ element, then }))
}

/**
 * Sums of one term whose factors are taken out of them where the sum waited for another only in those: it waits no more, and both are added up in one pass, as a norm's two sums are. Sums of
 * several terms stay whole: apart, they could cancel. Of groups that write the elements they sum alone: an empty one writes nothing, whatever its factors are. The sum of the differences from a mean is 0.
 */
export const linearSums = (a: Algebra, x: Interaction, passes: readonly Pass[], roots: readonly Expr[]): { readonly passes: readonly Pass[]; readonly roots: readonly Expr[] } => {
  const kept = tensorAxes(x.output)
  if (!x.reduced.length || x.reduced.some((r) => !kept.includes(r) || x.axes.find((axis) => axis.name === r)?.kind === 'batch')) return { passes, roots }
  const termsOf = termsIn(a, x)
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
      const terms = op === 'sum' && value.type === 'f32' ? gathered(a, termsOf(value)).filter((t) => !vanishes(t.element)) : []
      const [only] = terms
      const splits = terms.length === 1 && depth(only!.element) < depth(value)
      results.push(splits ? only!.then(add(only!.element)) : add(value))
    }
    done.push({ op, values: own })
    count += own.length
  }
  return { passes: done, roots: roots.map(renewed) }
}
