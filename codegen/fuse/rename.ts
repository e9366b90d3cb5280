import { Algebra } from '../derive/algebra.ts'
import type { Expr } from '../ir/hook.ts'
import type { Axis, Interaction, LayoutAxis, TensorSpec } from '../ir/interaction/index.ts'

/** New names of an interaction's axes and inputs; `stats` is added to the number of every pass result. */
export interface Names {
  readonly axes: ReadonlyMap<string, string>
  readonly inputs: ReadonlyMap<string, string>
  readonly stats: number
}

const axisName = (n: Names, name: string): string => n.axes.get(name) ?? name

/** The expression in `a`'s builder under new names; `leaf` may replace a param before. */
export const renamed = (a: Algebra, n: Names, e: Expr, leaf: (name: string) => Expr | undefined = () => undefined): Expr =>
  a.rewrite(e, (node) => {
    if (node.kind !== 'param') return undefined
    const replaced = leaf(node.name)
    if (replaced) return replaced
    const [kind, name] = node.name.split(':') as ['in' | 'at' | 'len' | 'size' | 'stat', string]
    if (kind === 'in') return a.b.param(node.type, `in:${n.inputs.get(name) ?? name}`)
    if (kind === 'stat') return a.b.param(node.type, `stat:${Number(name) + n.stats}`)
    return a.b.param(node.type, `${kind}:${axisName(n, name)}`)
  })

const layoutAxis = (n: Names, x: LayoutAxis): LayoutAxis => (x.kind === 'axis' ? { kind: 'axis', name: axisName(n, x.name) } : { kind: x.kind, row: axisName(n, x.row), column: axisName(n, x.column) })

export const renamedTensor = (n: Names, t: TensorSpec): TensorSpec =>
  ({ ...t, name: n.inputs.get(t.name) ?? t.name, batch: t.batch === null ? null : axisName(n, t.batch), axes: t.axes.map((x) => layoutAxis(n, x)) })

export const renamedAxis = (a: Algebra, n: Names, x: Axis): Axis =>
  ({ ...x, name: axisName(n, x.name), like: axisName(n, x.like), ...(x.batch && { batch: axisName(n, x.batch) }), ...(x.index && { index: renamed(a, n, x.index) }), ...(x.length && { length: renamed(a, n, x.length) }) })

/** The first of `wanted`, `wanted_2`, ... that is not taken. */
export const fresh = (wanted: string, taken: ReadonlySet<string>): string => {
  for (let i = 1; ; i++) { const name = i === 1 ? wanted : `${wanted}_${i}`; if (!taken.has(name)) return name }
}

/** Names under which `p` can stand beside `c`: `mapped` axes become the consumer's, all else keeps its name or gets a free one. */
export const besides = (p: Interaction, c: Interaction, mapped: ReadonlyMap<string, string>, stats: number): Names => {
  const axes = new Map(mapped)
  const taken = new Set(c.axes.map((x) => x.name))
  for (const { name, kind } of p.axes) {
    if (axes.has(name)) continue
    const own = kind === 'batch' && name === 'b' ? name : fresh(name, taken)
    axes.set(name, own)
    taken.add(own)
  }
  const inputs = new Map<string, string>()
  const names = new Set(c.inputs.map((t) => t.name))
  for (const { name } of p.inputs) { const own = fresh(name, names); inputs.set(name, own); names.add(own) }
  return { axes, inputs, stats }
}
