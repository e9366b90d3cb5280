import type { Expr } from '../ir/hook.ts'
import { type Axis, axisOf, type ColumnSum, type Interaction, tensorAxes, type TensorSpec } from '../ir/interaction/index.ts'
import { leavesOf } from './algebra.ts'

/** A gradient before it is written: `value` at each point of `domain`, its elements those of `t`. */
export interface Part { readonly t: TensorSpec; readonly value: Expr; readonly domain: readonly string[]; readonly perElement: boolean }

/** A kernel that writes a gradient element by element of the output, and the gradients that are sums over its rows. */
export interface Beside { readonly host: string; readonly columns: ReadonlyMap<string, Part> }

export const hasStats = (e: Expr): boolean => leavesOf(e).some((l) => l.startsWith('stat:'))

const isWalked = (a: Axis, kind: Axis['kind']): boolean => a.kind === kind && !a.index
const sameLayout = (s: TensorSpec, t: TensorSpec): boolean => JSON.stringify([s.storage, s.batch, s.axes]) === JSON.stringify([t.storage, t.batch, t.axes])

/** Rows of the output end in a dense axis that is reduced, and no place of it is padding. */
const rowAxis = (x: Interaction): string | undefined => {
  const { storage, axes } = x.output
  const last = axes.at(-1)
  const plain = axes.every((l) => l.kind === 'axis' && (storage === 'jagged' || axisOf(x, l.name).kind !== 'jagged')) && tensorAxes(x.output).every((n) => !axisOf(x, n).index)
  return plain && last?.kind === 'axis' && isWalked(axisOf(x, last.name), 'dense') && x.reduced.includes(last.name) ? last.name : undefined
}

/**
 * Which gradients can be added up beside another: those of vectors along the rows' axis, as soon as one of them reads the results of passes. `parts` by tensor;
 * a gradient of several parts is none.
 */
export const besideOf = (x: Interaction, keeps: boolean, parts: ReadonlyMap<string, readonly Part[]>, wanted: (tensor: string) => boolean): Beside | null => {
  const axis = rowAxis(x)
  if (!keeps || axis === undefined) return null
  const single = [...parts].flatMap(([tensor, p]) => (p.length === 1 ? [[tensor, p[0]!] as const] : []))
  const isColumn = ({ t }: Part): boolean => t.storage === 'dense' && t.batch === null && t.axes.length === 1 && tensorAxes(t)[0] === axis
  const host = single.find(([, { t, value }]) => sameLayout(t, x.output) && hasStats(value))?.[0]
  const columns = new Map(single.filter(([tensor, part]) => isColumn(part) && wanted(tensor)))
  return host !== undefined && [...columns.values()].some((c) => hasStats(c.value)) ? { host, columns } : null
}

/** The sum of a part's values, as the tensor that it is the gradient of. */
export const columnSum = ({ t, value }: Part, tensor: string): ColumnSum => ({ output: { ...t, name: tensor, tensor, fill: 0 }, value })
