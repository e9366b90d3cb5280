import type { Expr } from '../ir/hook.ts'
import { type Axis, axisOf, exprAxes, type Interaction, type LayoutAxis, tensorAxes, type TensorSpec } from '../ir/interaction/index.ts'
import type { Algebra } from './algebra.ts'
import { isPadded } from './padding.ts'

/**
 * An axis of a tensor that is read at computed entries: its gradient adds up, for each entry, the list of places that read it. `sequence`: the map depends on the
 * sequence alone, so that lists hold sequences; `row`: on a row of a sequence, so that they hold rows of the packed (or padded) places.
 */
export interface Listed {
  readonly axis: string
  readonly by: 'sequence' | 'row'
  /** Of the tensor of keys: the batch axis, and the row axis. */
  readonly batch: string
  readonly row: string | null
}

const first = (t: TensorSpec): string | undefined => (t.batch ?? (t.axes[0]?.kind === 'axis' ? t.axes[0].name : undefined))

/** How the entries of a compared axis can be listed; null: they are compared one by one. */
export const listedAxis = (x: Interaction, t: TensorSpec, domain: readonly string[], compared: readonly string[]): Listed | null => {
  const [axis] = compared
  if (compared.length !== 1 || axis === undefined || first(t) !== axis || axisOf(x, axis).kind === 'jagged') return null
  const own = tensorAxes(t)
  const reads = exprAxes(x, axisOf(x, axis).index!)
  const batch = reads.find((n) => axisOf(x, n).kind === 'batch')
  if (batch === undefined || !reads.every((n) => domain.includes(n)) || own.includes(batch)) return null
  if (reads.length === 1) return { axis, by: 'sequence', batch, row: null }
  const row = reads.find((n) => axisOf(x, n).kind === 'jagged' && axisOf(x, n).batch === batch)
  const rest = own.filter((n) => n !== axis)
  const flat = t.storage === 'dense' && rest.every((n) => axisOf(x, n).kind === 'dense' && !axisOf(x, n).index)
  return row && reads.length === 2 && flat && !own.includes(row) ? { axis, by: 'row', batch, row } : null
}

/** One number for each place that a list may hold, or for what it reads. */
export const placesTensor = (x: Interaction, { batch, row }: Listed, name: string, dtype: TensorSpec['dtype'], rest: readonly LayoutAxis[] = []): TensorSpec => ({
  name, tensor: name, storage: row === null || isPadded(x, row) ? 'dense' : 'jagged', batch, axes: [...(row === null ? [] : [{ kind: 'axis' as const, name: row }]), ...rest], dtype, fill: 0,
})

/** The members of each list: i32, along the list's own jagged axis. */
export const itemsOf = (list: string, batch: string): TensorSpec => ({ name: `${list}_items`, tensor: `${list}_items`, storage: 'jagged', batch, axes: [{ kind: 'axis', name: list }], dtype: 'i32', fill: -1 })

/** The entry that a list belongs to: sequences of its own. */
export const entryAxis = (x: Interaction, axis: string): Axis => ({ name: `${axis}_out`, kind: 'batch', like: axisOf(x, axis).kind === 'batch' ? axisOf(x, axis).like : `${axis}_out` })

/** The axes of a sum over the lists of rows: entry, members, and the rows that they name. */
export const rowAxes = (a: Algebra, x: Interaction, { axis }: Listed, list: string): readonly Axis[] => [
  entryAxis(x, axis),
  { name: list, kind: 'jagged', like: list, batch: `${axis}_out` },
  { name: `${list}_keys`, kind: 'dense', like: `${list}_keys`, index: a.b.param('i32', `in:${list}_items`) },
]

/** A tensor stored by a listed axis: the same memory by its entries. */
export const byEntry = (t: TensorSpec, axis: string): TensorSpec => ({ ...t, name: 'out', tensor: 'out', fill: 0, batch: `${axis}_out`, axes: t.batch === axis ? t.axes : t.axes.slice(1) })

/** The same places in one row of numbers, `LIST_keys` of them. */
export const flatPlaces = (t: TensorSpec, list: string): TensorSpec => ({ ...t, storage: 'dense', batch: null, axes: [{ kind: 'axis', name: `${list}_keys` }, ...t.axes.slice(1)] })

export const isRead = (e: Expr): string | null => (e.kind === 'param' && e.name.startsWith('in:') ? e.name.slice(3) : null)
