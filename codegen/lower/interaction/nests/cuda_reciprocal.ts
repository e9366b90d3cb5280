import { Algebra, statOf } from '../../../derive/algebra.ts'
import { type Expr, topological } from '../../../ir/hook.ts'
import type { Interaction } from '../../../ir/interaction/index.ts'

const isOp = (e: Expr | undefined, op: string): e is Expr & { kind: 'op' } => e?.kind === 'op' && e.op === op

/** Results that are sums of exp(v - m), m the maximum of v over the same elements: at least 1 where there is an element. */
const denominators = (x: Interaction): ReadonlySet<number> => {
  const values = x.passes.flatMap((p) => p.values.map((e) => ({ op: p.op, e })))
  const isWeight = (e: Expr): boolean => {
    if (!isOp(e, 'exp') || !isOp(e.args[0], 'sub')) return false
    const [v, m] = e.args[0].args
    const max = values[statOf(m) ?? -1]
    return max?.op === 'max' && JSON.stringify(max.e) === JSON.stringify(v)
  }
  return new Set(values.flatMap(({ op, e }, n) => (op === 'sum' && isWeight(e) ? [n] : [])))
}

const one = (a: Algebra): Expr => a.b.const('f32', 1)

/** A square root that is the same for a whole group: its reciprocal cannot overflow. */
const isGroupRoot = (e: Expr | undefined): boolean =>
  isOp(e, 'sqrt') && topological(e).every((n) => n.kind === 'op' || n.kind === 'const' || n.kind === 'capture' || (n.kind === 'param' && /^(stat|size):/.test(n.name)))

/** e / s as e * (1 / s) for each s that `divides` says is one of a group: one division a group in place of one an element. */
const byReciprocalOf = (e: Expr, divides: (s: Expr | undefined) => boolean): Expr => {
  const a = new Algebra()
  const replace = (n: Expr): Expr | undefined => {
    if (!isOp(n, 'div') || !divides(n.args[1]) || (n.args[0]!.kind === 'const' && n.args[0].value === 1)) return undefined
    const [value, divisor] = n.args.map((arg) => a.rewrite(arg, replace)) as [Expr, Expr]
    return a.b.op('f32', 'mul', [value, a.b.op('f32', 'div', [one(a), divisor])])
  }
  return a.rewrite(e, replace)
}

/** Divisions by the square root of a group's results as products. */
export const byReciprocal = (e: Expr): Expr => byReciprocalOf(e, isGroupRoot)

/** The epilogue without divisions by what is one number a group: such roots, and sums of exp(v - max), which are at least 1. */
export const inverted = (x: Interaction): Expr => {
  const sums = denominators(x)
  return byReciprocalOf(x.epilogue, (s) => sums.has(statOf(s) ?? -1) || isGroupRoot(s))
}
