import { axisOf, type Interaction, type InteractionProblem, type LayoutAxis, type TensorSpec } from '../../../ir/interaction/index.ts'
import type { Limits } from '../../../schedule/types.ts'
import { type Lowering, staticSize } from '../context.ts'
import { at, param } from '../names.ts'
import { walkedSequence } from '../place.ts'
import { powerUpTo } from './powers.ts'
import type { LoopNest, ScheduleValues } from './types.ts'

/** The elements of a running sum follow one another in rows: those of all sums of one column, `tail` columns side by side. */
export interface ScanShape {
  /** Output axes after the scanned one. */
  readonly columns: readonly LayoutAxis[]
  /** The output without them. */
  readonly rows: TensorSpec
  readonly tail: number
}

const holds = (a: LayoutAxis, name: string): boolean => (a.kind === 'axis' ? a.name === name : a.column === name)

const columnAxes = ({ output, scan }: Interaction): readonly LayoutAxis[] => output.axes.slice(output.axes.findIndex((a) => holds(a, scan!.axis)) + 1)

export const scanShape = (l: Lowering): ScanShape => {
  const { output } = l.x
  const columns = columnAxes(l.x)
  const size = (a: LayoutAxis): number => {
    if (a.kind === 'axis') return staticSize(l, a.name)!
    const rows = staticSize(l, a.row)!
    return a.kind === 'outer' ? rows * staticSize(l, a.column)! : (rows * (rows - 1)) / 2
  }
  return { columns, rows: { ...output, axes: output.axes.slice(0, output.axes.length - columns.length) }, tail: columns.reduce((n, a) => n * size(a), 1) }
}

/** Condition under which the element at the block's coordinates is the first of its sum. */
export const beginsText = (l: Lowering): string => {
  const { axis, reverse } = l.x.scan!
  const { kind } = axisOf(l.x, axis)
  if (!reverse) return `${at(axis)} == 0`
  const int = l.text.target === 'wgsl' ? 'i32' : 'int'
  const bound = kind === 'jagged' ? walkedSequence(l).length(axis) : kind === 'batch' ? `${int}(${l.text.param(param.batch(axis))})` : String(staticSize(l, axis))
  if (kind === 'batch') l.sources.add(`batch:${axis}`)
  return `${at(axis)} == ${bound} - 1`
}

export const scanSpace: LoopNest['space'] = {
  threads: { values: [64, 128, 256], about: 'threads of a block' },
  columns: { values: [1, 2, 4, 8, 16, 32, 64], about: 'columns of a block, a sum each' },
  items: { values: [2, 4, 8, 16], about: 'rows of a thread, one after another' },
}

/** As many columns as there are, to 32: neighbouring threads read neighbouring elements. */
export const scanDefaults = (x: Interaction, { sizes }: InteractionProblem, limits: Limits): ScheduleValues => {
  const size = (name: string): number => sizes[axisOf(x, name).like] ?? 1
  const tail = columnAxes(x).reduce((n, a) => n * (a.kind === 'axis' ? size(a.name) : size(a.row) * size(a.column)), 1)
  return { threads: Math.min(256, limits.threads), columns: Math.min(32, powerUpTo(tail)), items: 8 }
}

export const scanInfeasible: LoopNest['infeasible'] = ({ threads, columns }, _x, _p, limits) =>
  threads! > limits.threads ? { reason: 'threads', message: `${threads} threads a block, the device allows ${limits.threads}`, fix: `Try threads=${limits.threads}.` }
  : columns! > threads! ? { reason: 'columns', message: `${columns} columns for ${threads} threads`, fix: `Try columns=${threads}.` } : undefined

/** The constants of both templates. */
export const scanSizes = (tail: number, { threads, columns, items }: ScheduleValues) => {
  const team = threads! / columns!
  return { threads: threads!, columns: columns!, team, items: items!, block: team * items!, tail: Math.max(1, tail), tiles: Math.max(1, Math.ceil(tail / columns!)) }
}
