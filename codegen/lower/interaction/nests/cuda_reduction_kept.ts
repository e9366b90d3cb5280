import { Algebra, statsIn } from '../../../derive/algebra.ts'
import { type Expr, operands, topological } from '../../../ir/hook.ts'
import type { Interaction } from '../../../ir/interaction/index.ts'
import { functions } from '../../../ir/intrinsics/functions.ts'
import { byReciprocal, inverted } from './cuda_reciprocal.ts'

/** A value that a thread computes once: `row_N` after the pass `at`, or `kept_N` of each of its elements in the pass `at`. */
export interface Once { readonly name: string; readonly at: number; readonly value: Expr }

/** The expressions of a kernel, those that several of its passes share taken out. */
export interface Shared {
  readonly passes: readonly (readonly Expr[])[]
  readonly epilogue: Expr
  readonly sums: readonly Expr[]
  readonly rows: readonly Once[]
  readonly lanes: readonly Once[]
}

const plain = new Set(['floor', 'ceil', 'trunc', 'roundEven', 'sqrt'])
/** exp, sigmoid, tanh and the like: what a multiprocessor computes at a fraction of the rate of a product. */
const isSpecial = (e: Expr): boolean => e.kind === 'op' && e.op in functions && !plain.has(e.op)
const isCostly = (e: Expr): boolean => topological(e).some((n) => n.kind === 'op' && (n.op === 'div' || n.op === 'sqrt' || isSpecial(n)))

/** The same at every element of a group: computed from its results alone. */
const isOfGroup = (x: Interaction, e: Expr): boolean =>
  statsIn(e).length > 0 && topological(e).every((n) => n.kind === 'op' || n.kind === 'const' || (n.kind === 'capture' && x.captures.find((c) => c.name === n.name)?.kind === 'scalar') || (n.kind === 'param' && /^(stat|size):/.test(n.name)))

/** The outermost nodes for which `is` holds. */
const outermost = (root: Expr, is: (e: Expr) => boolean, found: Set<Expr>): void => {
  if (is(root)) { found.add(root); return }
  for (const arg of operands(root)) outermost(arg, is, found)
}

const named = (a: Algebra, prefix: 'row' | 'kept', values: readonly (readonly [Expr, number])[]): { readonly once: readonly Once[]; readonly replace: (e: Expr) => Expr } => {
  const leaves = new Map(values.map(([e], i) => [e, a.b.param(e.type, `${prefix}:${i}` as `stat:${number}`)]))
  return { once: values.map(([value, at], i) => ({ name: `${prefix}_${i}`, at, value })), replace: (e) => a.rewrite(e, (n) => leaves.get(n)) }
}

/** As it stands: nothing is taken out. */
export const separate = (x: Interaction): Shared => ({ passes: x.passes.map((p) => p.values.map(byReciprocal)), epilogue: inverted(x), sums: (x.sums ?? []).map((s) => byReciprocal(s.value)), rows: [], lanes: [] })

/** What is one number a group is computed when its passes are done. `elements` stay in registers: special functions that several passes take of one, in the first of them. */
export const shared = (x: Interaction, elements: boolean): Shared => {
  const a = new Algebra()
  const own = separate(x)
  const at = x.passes.flatMap((p, n) => p.values.map(() => n))
  const blocks = [...own.passes, [own.epilogue, ...own.sums]].map((roots) => roots.map((e) => a.rewrite(e, () => undefined)))

  const groups = new Set<Expr>()
  for (const root of blocks.flat()) outermost(root, (e) => isOfGroup(x, e) && isCostly(e), groups)
  const rows = named(a, 'row', [...groups].map((e) => [e, Math.max(...statsIn(e).map((i) => at[i]!))] as const))
  const withRows = blocks.map((roots) => roots.map(rows.replace))

  const users = new Map<Expr, number[]>()
  withRows.forEach((roots, n) => { for (const e of topological(...roots)) if (isSpecial(e)) users.set(e, [...(users.get(e) ?? []), n]) })
  const lanes = named(a, 'kept', [...users].flatMap(([e, at]) => (elements && at.length > 1 ? [[e, at[0]!] as const] : [])))
  const done = withRows.map((roots) => roots.map(lanes.replace))
  const [epilogue, ...sums] = done.pop()!
  return { passes: done, epilogue: epilogue!, sums, rows: rows.once, lanes: lanes.once }
}
