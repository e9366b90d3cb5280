import { type Expr, operands, topological } from '../ir/hook.ts'

/** The nodes under `root` that are one of `leaves`, or are computed from one. */
export const dependents = (root: Expr, leaves: (e: Expr) => boolean): ReadonlySet<Expr> => {
  const found = new Set<Expr>()
  for (const e of topological(root)) if (leaves(e) || operands(e).some((o) => found.has(o))) found.add(e)
  return found
}
