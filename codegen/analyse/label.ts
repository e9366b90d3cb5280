import { type Expr, ExprBuilder, topological } from '../ir/hook.ts'
import type { Range } from './types.ts'

/** Names for bounds, from the author's: `idQ` gives `idQ_min` and `idQ_max`, or `idQ` where there is one value. */
export const boundNames = (ranges: ReadonlyMap<Expr, Range>): ReadonlyMap<Expr, string> => {
  const names = new Map<Expr, string>()
  const name = (e: Expr, label: string): void => { if ((e.kind === 'op' || e.kind === 'table') && !names.has(e)) names.set(e, label) }
  for (const [e, r] of ranges) {
    if (!e.label || r.type === 'bool') continue
    if (r.exact) name(r.exact, e.label)
    else if (!r.unknown) { name(r.lo, `${e.label}_min`); name(r.hi, `${e.label}_max`) }
  }
  return names
}

/** The same expression with named nodes, for kernels that people read. */
export const labelled = (root: Expr, names: ReadonlyMap<Expr, string>): Expr => {
  const b = new ExprBuilder()
  const copies = new Map<Expr, Expr>()
  for (const e of topological(root)) {
    const label = names.get(e), m = label ? { label } : {}
    copies.set(e,
      e.kind === 'op' ? b.op(e.type, e.op, e.args.map((a) => copies.get(a)!), m)
      : e.kind === 'table' ? b.table(e.type, e.name, copies.get(e.index)!, { ...m, side: e.side, row: e.row && copies.get(e.row)! })
      : e.kind === 'capture' ? b.capture(e.type, e.name, e.side)
      : e.kind === 'param' ? b.param(e.type, e.name) : b.const(e.type, e.value))
  }
  return copies.get(root)!
}
