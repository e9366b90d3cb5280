import { axisOf, inputsOf, type Interaction, keptAxes, type LayoutAxis, type TensorSpec, tensorAxes } from '../../../ir/interaction/index.ts'
import { type Lowering, staticSize } from '../context.ts'
import { elementBytes } from './cuda_walk.ts'

/** Where vectors run: along an axis that the output keeps (a thread has columns) or along a reduced one (a thread has a part of a row). */
export interface Shape {
  readonly kind: 'columns' | 'rows'
  readonly inner: string | undefined
  readonly vector: number
}

/** Of a row that is kept in registers beside the sums of its columns. */
export const VECTORS_OF_A_LANE = 2

const dividing = (size: number, most: number): number => { let v = most; while (v > 1 && size % v) v /= 2; return v }

const lastDense = (l: Lowering, t: TensorSpec): string | undefined => {
  const last = t.axes.at(-1)
  if (last?.kind !== 'axis' || (t.storage === 'jagged' && t.axes.length === 1)) return undefined
  const { kind, index } = axisOf(l.x, last.name)
  return kind === 'dense' && !index && staticSize(l, last.name) ? last.name : undefined
}

export const shapeOf = (l: Lowering): Shape => {
  const { x } = l
  const column = lastDense(l, x.output)
  if (column && !x.reduced.includes(column)) return { kind: 'columns', inner: column, vector: dividing(staticSize(l, column)!, 16 / elementBytes(l, x.output)) }
  const last = inputsOf(x, ...x.passes[0]!.values).map((t) => ({ t, axis: lastDense(l, t) })).find(({ axis }) => axis !== undefined && x.reduced.includes(axis))
  const kept = last && tensorAxes(x.output).includes(last.axis!)
  if (!last || x.reduced.some((a) => axisOf(x, a).kind === 'batch') || (kept && column !== last.axis)) return { kind: 'rows', inner: undefined, vector: 1 }
  return { kind: 'rows', inner: last.axis, vector: dividing(staticSize(l, last.axis!)!, 16 / elementBytes(l, last.t)) }
}

/** The output without its reduced axes, as a layout to walk: `inner` is left to the threads of a team. */
export const groupsOf = (x: Interaction, inner: string | undefined): TensorSpec => {
  const kept = new Set(keptAxes(x).filter((a) => a !== inner))
  const part = (a: LayoutAxis): readonly LayoutAxis[] => {
    if (a.kind === 'axis') return kept.has(a.name) ? [a] : []
    return kept.has(a.row) && kept.has(a.column) ? [a] : [a.row, a.column].filter((n) => kept.has(n)).map((name) => ({ kind: 'axis' as const, name }))
  }
  const [head, ...tail] = x.output.axes
  const batch = x.output.batch !== null && kept.has(x.output.batch) ? x.output.batch : null
  const own = head ? part(head) : []
  const jagged = x.output.storage === 'jagged' && batch !== null && own.length > 0
  return { ...x.output, storage: jagged ? 'jagged' : 'dense', batch, axes: [...own, ...tail.flatMap(part)] }
}

/** Whether neighbouring groups lie side by side in what the first pass reads: the columns of packed pairs whose rows are reduced. */
export const isColumnOf = (x: Interaction, groups: TensorSpec): boolean => {
  const head = groups.axes[0]
  return groups.axes.length === 1 && head?.kind === 'axis' && inputsOf(x, ...x.passes[0]!.values).some((t) => { const last = t.axes.at(-1); return last?.kind === 'outer' && last.column === head.name && x.reduced.includes(last.row) })
}

export const keepsAxes = (x: Interaction): boolean => tensorAxes(x.output).some((a) => x.reduced.includes(a))
