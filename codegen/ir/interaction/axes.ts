import { type Expr, topological } from '../hook.ts'
import type { Axis, Interaction, TensorSpec } from './types.ts'

/** The axis of a name; every name that an interaction uses is one of its axes. */
export const axisOf = (x: Pick<Interaction, 'axes' | 'name'>, name: string): Axis => {
  const found = x.axes.find((a) => a.name === name)
  if (!found) throw new Error(`${x.name} has no axis ${name}`)
  return found
}

/** The axes that a tensor is indexed by, the batch axis first where there is one. */
export const tensorAxes = (t: TensorSpec): readonly string[] => [...(t.batch === null ? [] : [t.batch]), ...t.axes.flatMap((a) => (a.kind === 'axis' ? [a.name] : [a.row, a.column]))]

/** The coordinates that must be known to read a tensor or compute an expression, index maps followed. */
export const walkedAxes = (x: Interaction, names: readonly string[]): readonly string[] => {
  const seen = new Set<string>()
  const visit = (name: string): void => {
    const axis = axisOf(x, name)
    if (axis.index) exprAxes(x, axis.index).forEach((n) => seen.add(n))
    else seen.add(name)
    if (axis.kind === 'jagged' && axis.batch && axis.batch !== name) visit(axis.batch)
  }
  names.forEach(visit)
  return [...seen]
}

/** The walked axes that an expression depends on, through the inputs it reads. */
export const exprAxes = (x: Interaction, e: Expr): readonly string[] => {
  const names = new Set<string>()
  for (const node of topological(e)) {
    if (node.kind === 'capture' && x.captures.some((c) => c.name === node.name && c.kind === 'perSequence')) names.add('b')
    if (node.kind !== 'param') continue
    const [kind, name] = node.name.split(':') as [string, string]
    if (kind === 'in') walkedAxes(x, tensorAxes(x.inputs.find((t) => t.name === name)!)).forEach((n) => names.add(n))
    if (kind === 'at') walkedAxes(x, [name]).forEach((n) => names.add(n))
    if (kind === 'len') walkedAxes(x, [axisOf(x, name).batch ?? 'b']).forEach((n) => names.add(n))
    if (kind === 'stat') keptAxes(x).forEach((n) => names.add(n))
  }
  return [...names]
}

/** The output's axes that are not reduced: one result of the passes for each of their values. */
export const keptAxes = (x: Interaction): readonly string[] => tensorAxes(x.output).filter((a) => !x.reduced.includes(a))

/** Whether the output's rows are computed: its elements are those of `walkedAxes`, each written where it belongs; rows that none is written to are 0. */
export const scatters = (x: Interaction): boolean => tensorAxes(x.output).some((name) => axisOf(x, name).index !== undefined)

/** Inputs that an expression reads, index maps followed. */
export const inputsOf = (x: Interaction, ...roots: readonly Expr[]): readonly TensorSpec[] => {
  const found = new Set<string>()
  const visit = (e: Expr): void => {
    for (const node of topological(e)) {
      if (node.kind !== 'param' || !node.name.startsWith('in:')) continue
      const name = node.name.slice(3)
      if (found.has(name)) continue
      found.add(name)
      for (const axis of tensorAxes(x.inputs.find((t) => t.name === name)!)) { const { index } = axisOf(x, axis); if (index) visit(index) }
    }
  }
  roots.forEach(visit)
  return x.inputs.filter((t) => found.has(t.name))
}
