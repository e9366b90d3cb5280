import { axisOf, type TensorSpec, tensorAxes } from '../../../ir/interaction/index.ts'
import { type Lowering, staticSize } from '../context.ts'
import { elementKind, isHalf } from './wgsl_common.ts'
import { reducedAxes } from './wgsl_passes.ts'
import { isColumns, keptSpec } from './wgsl_stats.ts'

/** Why vectors cannot be under way together. */
export interface Refused { readonly refused: string; readonly fix?: string }
export const isRefused = (s: object): s is Refused => 'refused' in s

/** What a group writes: its results, the row that it reduced, or all rows of its sequence. */
export type Writes = 'results' | 'row' | 'sequence'

export interface Shape {
  readonly columns: boolean
  readonly kept: TensorSpec
  readonly axes: readonly string[]
  /** The axis that vectors lie along, its size, elements of a vector. */
  readonly inner: string
  readonly size: number
  readonly vector: number
  readonly writes: Writes
}

const plain = (t: TensorSpec): readonly string[] | undefined => (t.axes.every((a) => a.kind === 'axis') ? t.axes.map((a) => (a.kind === 'axis' ? a.name : '')) : undefined)

/** What a group writes in vectors along `inner`; undefined: none of these. */
const writesOf = (l: Lowering, kept: TensorSpec, axes: readonly string[], inner: string, columns: boolean): Writes | undefined => {
  const { x } = l
  const out = plain(x.output)
  if (!out || out.at(-1) !== inner) return undefined
  if (!out.some((a) => axes.includes(a))) return columns ? 'results' : undefined
  if (!columns && axes.length === 1) return 'row'
  const [head, ...rest] = out
  const whole = axes.every((a) => out.includes(a)) && rest.every((a) => staticSize(l, a) !== undefined && axisOf(x, a).kind === 'dense')
  return kept.storage === 'dense' && kept.batch !== null && x.output.storage === 'jagged' && axisOf(x, head!).kind === 'jagged' && axes.includes(head!) && whole ? 'sequence' : undefined
}

/** Why a reduction's elements cannot be taken as vectors under way together, or how they are. */
export const streamedShape = (l: Lowering): Shape | Refused => {
  const { x } = l
  if (x.reduced.some((a) => axisOf(x, a).kind === 'batch')) return { refused: 'a sum over all sequences is split into parts' }
  const columns = isColumns(x)
  const kept = keptSpec(x)
  const axes = reducedAxes(x)
  const [read] = x.inputs.filter((t) => t.dtype !== 'i32')
  const inner = columns ? tensorAxes(read!).at(-1)! : axes.at(-1)
  const size = inner === undefined || axisOf(x, inner).kind !== 'dense' ? undefined : staticSize(l, inner)
  if (!read || inner === undefined || !size) return { refused: 'no dense axis of known size lies innermost' }
  if (columns && plain(kept)?.at(-1) !== inner) return { refused: `neighbouring results are not neighbours along ${inner}` }
  const writes = writesOf(l, kept, axes, inner, columns)
  if (!writes) return { refused: 'a group cannot write what it makes in vectors' }
  const whole = isHalf(elementKind(l, x.output))
  const vector = (isHalf(elementKind(l, read)) ? [8, 4] : [4]).find((n) => size % n === 0 && (whole || n === 4))
  if (x.sums && (writes === 'results' || columns)) return { refused: 'sums beside the output are added up with the rows that a group writes' }
  return vector ? { columns, kept, axes, inner, size, vector, writes } : { refused: `${inner}=${size} is no whole number of vectors` }
}
