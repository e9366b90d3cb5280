import type { InteractionBuffer } from '../../../ir/interaction/index.ts'
import type { Infeasible } from '../../../schedule/types.ts'
import { type ScheduleValues, SUMS_ENTRY } from './types.ts'
import type { Lowering } from '../context.ts'
import { tensor } from '../names.ts'
import type { Cache } from './cuda_reduction_cache.ts'
import type { Plan } from './cuda_reduction_plan.ts'
import { type Steps, sumsOf, type Uses } from './cuda_reduction_steps.ts'

/** Threads of a block that adds up parts, and how many columns it has. */
export const MERGE_THREADS = 512
export const MERGE_COLUMNS = 8

/** What keeps a thread from having the sums of its columns in registers; undefined: nothing. */
export const refusedColumns = ({ x, problem }: Lowering, { kind, inner, packed, axes, keepsReduced, sameWalk, known, vectors, team }: Plan, { always }: Cache, { threads }: ScheduleValues): Infeasible | undefined => {
  if (!x.sums) return undefined
  const fix = 'Take the gradients one by one.'
  if (kind !== 'rows' || inner === undefined || packed || !keepsReduced.includes(inner) || !sameWalk || axes.at(-1) !== inner) return { reason: 'columns', message: 'rows that are not walked along their last axis have no columns to add up', fix }
  if (axes.length === 1) return always && known !== undefined ? undefined : { reason: 'columns', message: `a row of ${vectors} vectors does not stay in the registers of ${team} threads, so their columns cannot be added up beside it`, fix: threads! < 1024 ? `Try threads=${threads! * 2}.` : fix }
  if (known !== undefined || team !== threads) return { reason: 'columns', message: `a group of rows along ${axes.join(', ')} is not one block's`, fix }
  return vectors <= threads! ? undefined : { reason: 'columns', message: `${threads} threads cannot hold the columns of rows of ${vectors} vectors (${problem.dtype})`, fix: threads! < 1024 ? `Try threads=${threads! * 2}.` : fix }
}

/** How a block adds up columns: `spread` vectors a thread, those of `period` threads side by side make a row, `held` threads have some. */
export const columnsOf = (l: Lowering, plan: Plan, steps: Steps, { keep, always, rows }: Cache, { threads, span }: ScheduleValues) => {
  const { axes, team, teams, vectors, stride, vector, size } = plan
  const single = axes.length === 1
  const rounds = single ? span! : 1
  return {
    sums: sumsOf(l.x).map(({ output }, i) => ({ name: output.tensor, buffer: tensor(output.tensor), text: steps.sums[i]!, row: i })),
    spread: single ? keep : 1, period: single ? team : vectors, held: single ? threads! : stride, span: rounds, per: teams * rows * rounds,
    width: size * sumsOf(l.x).length, bytes: 4 * (vector * threads! + 32), whole: single && always && vectors === keep * team,
  }
}

export type Columns = ReturnType<typeof columnsOf>

/** Buffers of the parts and of what becomes of them. */
export const sumBuffers = ({ sums }: Columns): readonly Omit<InteractionBuffer, 'binding'>[] => [
  { name: 'partials', access: 'read_write', entries: ['reduce', SUMS_ENTRY] },
  ...sums.map(({ buffer }) => ({ name: buffer, access: 'read_write' as const, entries: [SUMS_ENTRY] })),
]

/** Nothing is read at a group's own coordinates but what is kept in registers: a group that is not there can be computed like any other. */
export const isWhole = ({ passUses, epilogue }: Uses): boolean =>
  [...passUses, epilogue].every((u) => ![...u.decode, ...u.lane].some((line) => /\b(load|offset_at)\(|captures_/.test(line)) && u.vectors.every((v) => v.cached || v.fixed || !/\b(seq|at_\w+)\b/.test(`${v.index} ${v.guard}`)))
