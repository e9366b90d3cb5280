import { Algebra } from '../derive/algebra.ts'
import { pruned } from '../derive/prune.ts'
import { deepFreeze } from '../ir/hash.ts'
import type { Expr } from '../ir/hook.ts'
import { axisOf, type Interaction, ownerOf, tensorAxes, type TensorSpec } from '../ir/interaction/index.ts'
import { besides, renamed, renamedTensor } from './rename.ts'

const isOp = (e: Expr, op: string): e is Expr & { kind: 'op' } => e.kind === 'op' && e.op === op
const isParam = (e: Expr, name: string): boolean => e.kind === 'param' && e.name === name
const factors = (e: Expr): readonly Expr[] => (isOp(e, 'mul') ? e.args.flatMap(factors) : [e])

/** The one value of an interaction that is a sum and nothing beside it. */
const summed = (x: Interaction): Expr | undefined =>
  !x.sums && !x.scan && x.passes.length === 1 && x.passes[0]!.op === 'sum' && x.passes[0]!.values.length === 1 && isParam(x.epilogue, 'stat:0') ? x.passes[0]!.values[0] : undefined

const place = (t: TensorSpec): string => JSON.stringify([t.tensor, t.storage, t.batch, t.axes, t.dtype, t.fill])

/** u · v + u · w as (v + w) · u: a product of two factors stays one. */
const added = (a: Algebra, x: Expr, y: Expr): Expr => {
  const shared = factors(x).find((f) => factors(y).includes(f))
  if (!shared) return a.op('add', x, y)
  const rest = (e: Expr): Expr => {
    const left = [...factors(e)]
    left.splice(left.indexOf(shared), 1)
    return left.reduce<Expr | undefined>((p, f) => (p ? a.op('mul', p, f) : f), undefined) ?? a.f(1)
  }
  return a.op('mul', a.op('add', rest(x), rest(y)), shared)
}

/**
 * One sum in place of two that are added, where both walk the same axes under other names (x_i · x_j read twice, once for i and once for j): `c` adds its own sum to what `p`
 * wrote as `tensor`. Both are steps of one definition, so that equal names are equal axes. Undefined where they differ.
 */
export const joinedSums = (p: Interaction, c: Interaction, tensor: string): Interaction | undefined => {
  const [read, ...others] = c.inputs.filter((t) => t.tensor === tensor)
  const value = summed(p)
  if (!read || others.length || !value || !isOp(c.epilogue, 'add')) return undefined
  const rest = c.epilogue.args.filter((e) => !isParam(e, `in:${read.name}`))
  const own = rest.length === 1 ? summed({ ...c, epilogue: rest[0]! }) : undefined
  if (!own || p.reduced.length !== c.reduced.length) return undefined
  const [from, to] = [[...tensorAxes(p.output), ...p.reduced], [...tensorAxes(c.output), ...c.reduced]]
  const walksAlike = JSON.stringify(tensorAxes(read)) === JSON.stringify(tensorAxes(c.output)) && from.length === to.length && from.every((name, i) => {
    const [u, v] = [axisOf(p, name), axisOf(c, to[i]!)]
    return u.kind === v.kind && !u.index && !v.index && !u.length && !v.length && ownerOf(p, name) === ownerOf(c, to[i]!)
  })
  if (!walksAlike) return undefined
  const a = new Algebra()
  const names = besides(p, c, new Map(from.map((name, i) => [name, to[i]!])), 0)
  const known = new Map(c.inputs.map((t) => [place(t), t.name]))
  const inputs = p.inputs.map((t) => renamedTensor(names, t)).map((t) => ({ ...t, name: known.get(place(t)) ?? t.name }))
  const byOld = new Map(p.inputs.map((t, i) => [t.name, inputs[i]!.name]))
  const all = { ...names, inputs: byOld }
  const plain = { axes: new Map<string, string>(), inputs: new Map<string, string>(), stats: 0 }
  const both = added(a, renamed(a, plain, own), renamed(a, all, value))
  const taken = new Set(c.inputs.map((t) => t.name))
  return deepFreeze(pruned({ ...c, inputs: [...c.inputs.filter((t) => t !== read), ...inputs.filter((t) => !taken.has(t.name))], passes: [{ op: 'sum', values: [both] }], epilogue: a.b.param('f32', 'stat:0') }))
}
