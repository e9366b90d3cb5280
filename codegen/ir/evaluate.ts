import { type Expr, topological } from './hook.ts'
import { intrinsics } from './intrinsics/index.ts'

/** Where leaves take their values. Table indices arrive unclamped; `row` for a pair, `side` for a perToken with columns. */
export interface Leaves {
  param(name: string): number | boolean
  capture(name: string, side?: 'q' | 'kv'): number
  table(name: string, index: number, row?: number, side?: 'q' | 'kv'): number
}

const leaf = (e: Expr, leaves: Leaves, values: ReadonlyMap<Expr, number | boolean>): number | boolean => {
  if (e.kind === 'const') return e.value
  if (e.kind === 'param') return leaves.param(e.name)
  if (e.kind === 'capture') return leaves.capture(e.name, e.side)
  if (e.kind === 'table') return leaves.table(e.name, values.get(e.index) as number, e.row && (values.get(e.row) as number), e.side)
  return intrinsics[e.op]!.js(e.args.map((a) => values.get(a)!), e.args.map((a) => a.type))
}

/** Evaluates expressions as a kernel would (i32 wraps), floats in double precision. */
export const evaluate = (roots: readonly Expr[], leaves: Leaves): readonly (number | boolean)[] => {
  const values = new Map<Expr, number | boolean>()
  for (const e of topological(...roots)) values.set(e, leaf(e, leaves, values))
  return roots.map((r) => values.get(r)!)
}
