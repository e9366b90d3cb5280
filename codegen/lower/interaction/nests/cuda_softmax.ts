import { Algebra } from '../../../derive/algebra.ts'
import type { Expr } from '../../../ir/hook.ts'
import type { Interaction } from '../../../ir/interaction/index.ts'

const isOp = (e: Expr | undefined, op: string): e is Expr & { kind: 'op' } => e?.kind === 'op' && e.op === op
const statOf = (e: Expr | undefined): number | undefined => (e?.kind === 'param' && e.name.startsWith('stat:') ? Number(e.name.slice(5)) : undefined)

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

/** The epilogue with e / s as e * (1 / s) for each such sum s: one division a group, and 1 / s cannot overflow. */
export const inverted = (x: Interaction): Expr => {
  const sums = denominators(x)
  if (!sums.size) return x.epilogue
  const a = new Algebra()
  const replace = (e: Expr): Expr | undefined => {
    if (!isOp(e, 'div') || !sums.has(statOf(e.args[1]) ?? -1)) return undefined
    const [value, sum] = e.args.map((arg) => a.rewrite(arg, replace)) as [Expr, Expr]
    return a.b.op('f32', 'mul', [value, a.b.op('f32', 'div', [a.b.const('f32', 1), sum])])
  }
  return a.rewrite(x.epilogue, replace)
}
