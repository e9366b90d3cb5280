import type { Expr } from '../ir/hook.ts'
import { axisOf, exprAxes, type Interaction, tensorAxes, type TensorSpec, walkedAxes } from '../ir/interaction/index.ts'
import { type Algebra, leavesOf } from './algebra.ts'

/** e = sign · at:o + rest, or null. */
const linearIn = (a: Algebra, x: Interaction, e: Expr, o: string): { readonly sign: number; readonly rest: Expr } | null => {
  if (e.kind === 'param' && e.name === `at:${o}`) return { sign: 1, rest: a.i(0) }
  if (!exprAxes(x, e).includes(o)) return { sign: 0, rest: e }
  if (e.kind !== 'op' || !['add', 'sub', 'neg'].includes(e.op)) return null
  const parts = e.args.map((arg) => linearIn(a, x, arg, o))
  if (parts.some((p) => p === null)) return null
  const [p, q] = parts as { sign: number; rest: Expr }[]
  if (e.op === 'neg') return { sign: -p!.sign, rest: a.op('neg', p!.rest) }
  return { sign: e.op === 'add' ? p!.sign + q!.sign : p!.sign - q!.sign, rest: a.op(e.op, p!.rest, q!.rest) }
}

/** An index map axis = ±at:o + rest, and the map back: at:o = ±(at:axis - rest). */
export interface Inverse {
  readonly axis: string
  readonly o: string
  readonly back: (at: Expr) => Expr
}

/** Index maps of a tensor that can be inverted, each to a walked axis of its own; the others find their elements by comparison. */
export const inverses = (a: Algebra, x: Interaction, t: TensorSpec, domain: readonly string[]): readonly Inverse[] => {
  const axes = tensorAxes(t)
  const mapped = axes.filter((n) => axisOf(x, n).index)
  const reads = (n: string): readonly string[] => walkedAxes(x, [n])
  return mapped.flatMap((axis): readonly Inverse[] => {
    const index = a.rewrite(axisOf(x, axis).index!, () => undefined)
    if (axisOf(x, axis).kind === 'batch') return []
    const free = (o: string): boolean => axisOf(x, o).kind !== 'batch' && domain.includes(o) && !axes.includes(o) && mapped.every((m) => m === axis || !reads(m).includes(o))
    for (const o of leavesOf(index).flatMap((l) => (l.startsWith('at:') ? [l.slice(3)] : [])).filter(free)) {
      const found = linearIn(a, x, index, o)
      if (!found || Math.abs(found.sign) !== 1) continue
      const { sign, rest } = found
      return [{ axis, o, back: (at) => (sign === 1 ? a.op('sub', at, rest) : a.op('sub', rest, at)) }]
    }
    return []
  })
}
