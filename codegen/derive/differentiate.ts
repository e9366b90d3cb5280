import { type Expr, topological } from '../ir/hook.ts'
import { intrinsics } from '../ir/intrinsics/index.ts'
import type { Algebra } from './algebra.ts'

/**
 * seed · d root / d leaf of every f32 leaf `in:` and `stat:` by name, in reverse mode. An operation with no derivative is constant almost everywhere: 0.
 */
export const adjoints = (a: Algebra, root: Expr, seed: Expr): ReadonlyMap<string, Expr> => {
  const found = new Map<string, Expr>()
  if (root.type !== 'f32' || a.isZero(seed)) return found
  const adjoint = new Map<Expr, Expr>([[root, seed]])
  for (const e of [...topological(root)].reverse()) {
    const d = adjoint.get(e)
    if (a.isZero(d)) continue
    if (e.kind === 'param' && /^(in|stat):/.test(e.name)) found.set(e.name, d!)
    if (e.kind !== 'op') continue
    const partials = intrinsics[e.op]!.derivative?.(a.b, e) ?? []
    partials.forEach((partial, i) => {
      const arg = e.args[i]!
      if (partial === null || arg.type !== 'f32') return
      const term = a.op('mul', d!, a.rewrite(partial, () => undefined, true))
      adjoint.set(arg, a.sum(adjoint.get(arg), term))
    })
  }
  return found
}
