import { interactionSpace } from '../../codegen/interaction-space.ts'
import { type Diagnostic, fail } from '../../codegen/ir/diagnostics/index.ts'
import { hashInteraction, type Interaction, type InteractionProblem, type InteractionSchedule } from '../../codegen/ir/interaction/index.ts'
import { nestFor } from '../../codegen/lower/interaction/bind.ts'
import { toolVersion } from '../../codegen/emit/version.ts'
import type { DeviceInfo } from '../../runtime/device.ts'
import { openJournal } from '../journal.ts'
import { limitsOf } from '../limits.ts'
import { profileOf } from '../profile.ts'
import type { Progress } from '../progress.ts'
import { type InteractionKey, interactionKeySchema, interactionMeasurementSchema, type InteractionWinner, type Measured } from '../records.ts'
import { search, type SearchEnd } from '../search.ts'
import { troublesOf, type TuneStore } from '../tune.ts'
import type { AnyWorkbench } from '../workbench.ts'
import { interactionWinners } from './winners.ts'
import { interactionWorkbench, type InteractionWork } from './workbench.ts'

export interface InteractionTuneOptions extends InteractionWork {
  /** Of the launch that the inputs belong to, by jagged axis. */
  readonly lengths: Readonly<Record<string, readonly number[]>>
  /** Milliseconds; the default schedule is measured whatever it costs. */
  readonly budgetMs: number
  readonly store: TuneStore
  readonly limit?: number
  readonly fresh?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /** Default: the device, checked with `verify`. */
  readonly workbench?: AnyWorkbench<InteractionSchedule>
}

export interface InteractionTuneResult {
  readonly key: InteractionKey
  readonly end: SearchEnd | 'limit'
  readonly space: { readonly points: number; readonly feasible: number; readonly infeasible: Readonly<Record<string, number>> }
  /** In the order tried; the first is the default. */
  readonly measurements: readonly Measured<InteractionSchedule>[]
  readonly remembered: number
  readonly default?: Measured<InteractionSchedule>
  readonly best?: Measured<InteractionSchedule>
  readonly winner?: InteractionWinner
  readonly journal: string
  readonly diagnostics: readonly Diagnostic[]
}

export interface InteractionKeyFacts {
  readonly x: Interaction
  readonly problem: InteractionProblem
  readonly info: DeviceInfo
  readonly lengths: Readonly<Record<string, readonly number[]>>
}

const byAxis = <T>(lengths: Readonly<Record<string, readonly number[]>>, of: (list: readonly number[]) => T): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(lengths).sort(([a], [b]) => (a < b ? -1 : 1)).map(([axis, list]) => [axis, of(list)]))

/** The key under which a winner for this kernel, problem, device and profile of lengths is kept. */
export const interactionKey = ({ x, problem, info, lengths }: InteractionKeyFacts): InteractionKey =>
  interactionKeySchema.parse({
    family: 'interaction', definition: { name: x.name, hash: hashInteraction(x) }, dtype: problem.dtype, sizes: problem.sizes, precision: problem.precision ?? 'ieee',
    target: info.target, template: nestFor(info.target, x).name, tool: toolVersion, device: info, profile: byAxis(lengths, profileOf),
  })

/**
 * Searches a loop nest's space for one kernel of an interaction on one device: default first, then the nearest to it. As `tune` of attention: checked before it is timed, kept as it is
 * measured, continued by the same call, the winner saved. Throws SR7001, SR7003, SR7007, SR7010; never for a candidate.
 */
export const tuneInteraction = async (options: InteractionTuneOptions): Promise<InteractionTuneResult> => {
  const { x, problem, device, lengths, seed, store, budgetMs, limit = Infinity } = options
  const lists = Object.values(lengths)
  if (lists.length && !lists.some((list) => list.some((l) => l > 0))) fail('SR7007', { count: lists[0]!.length, tokens: 0 })
  if (!(budgetMs > 0)) fail('SR7010', { value: budgetMs })
  const key = interactionKey({ x, problem, info: device.info, lengths })
  const { warnings } = interactionWinners.lookup(store.winners, key)
  const { inputs: { capacities = {}, batches = {}, sizes = {} } } = options
  const journal = openJournal<InteractionSchedule>(store.journal, { key, lengths, batches, sizes, capacities, seed }, options.fresh ?? false, interactionMeasurementSchema)
  const space = interactionSpace(device.info.target, x, problem, limitsOf(device.info))
  const candidates = space.feasible.slice(0, Math.max(1, limit))
  const found = await search<InteractionSchedule>({
    bench: options.workbench ?? interactionWorkbench(options), candidates, journal, budgetMs,
    ...(options.signal && { signal: options.signal }), ...(options.onProgress && { onProgress: options.onProgress }),
  })
  const end = found.end === 'complete' && candidates.length < space.feasible.length ? 'limit' : found.end
  const base: Omit<InteractionTuneResult, 'winner'> = {
    key, end, space: { points: space.points, feasible: space.feasible.length, infeasible: space.infeasible }, measurements: found.measurements, remembered: found.remembered,
    ...(found.measurements[0] && { default: found.measurements[0] }), ...(found.best && { best: found.best }),
    journal: journal.path, diagnostics: [...warnings, ...troublesOf(found, x.name, device.info.name)],
  }
  if (!found.best || end === 'interrupted' || end === 'device') return Object.freeze(base)
  const winner: InteractionWinner = {
    key, schedule: found.best.schedule, ms: found.best.ms!, default: { schedule: candidates[0]!, ms: found.measurements[0]!.ms ?? null },
    lengths: byAxis(lengths, (list) => ({ sequences: list.length, tokens: list.reduce((sum, l) => sum + l, 0), longest: list.reduce((max, l) => Math.max(max, l), 0) })),
    seed, space: base.space, search: end, measurements: [...found.measurements],
  }
  await interactionWinners.save(store.winners, winner)
  return Object.freeze({ ...base, winner })
}
