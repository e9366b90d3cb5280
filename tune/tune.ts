import { type Algorithm, type Problem } from '../codegen/ir/algorithm.ts'
import { type Diagnostic, diagnostic, fail } from '../codegen/ir/diagnostics/index.ts'
import { type AnySchedule, printSchedule } from '../codegen/ir/schedule.ts'
import { factsOf } from '../codegen/lower/bind.ts'
import { canonical, enumerateSpace, orderCandidates, printSpace, type Space } from '../codegen/schedule/space.ts'
import { preferredTemplate } from '../codegen/schedule/templates/index.ts'
import type { Template } from '../codegen/schedule/types.ts'
import { type AttentionWork, attentionWorkbench } from './attention.ts'
import { openJournal } from './journal.ts'
import { tuningKey } from './key.ts'
import { limitsOf } from './limits.ts'
import type { Progress } from './progress.ts'
import type { Measurement, TuningKey, Winner } from './records.ts'
import { search, type SearchEnd, type SearchResult } from './search.ts'
import { lookupWinner, saveWinner } from './winners.ts'
import type { Workbench } from './workbench.ts'

/** Where a search keeps what it finds. */
export interface TuneStore {
  /** The winners file. */
  readonly winners: string
  /** Folder of the journals of searches under way. */
  readonly journal: string
}

export interface TuneOptions extends AttentionWork {
  /** Milliseconds; the default schedule is measured whatever it costs. */
  readonly budgetMs: number
  readonly store: TuneStore
  /** Default: the preferred loop nest of the device's target for the dtype. */
  readonly template?: Template
  /** At most this many candidates. */
  readonly limit?: number
  /** Forgets what an earlier search of the same problem measured. */
  readonly fresh?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /** Default: the device, checked with `verify`. */
  readonly workbench?: Workbench
}

export interface TuneResult {
  readonly key: TuningKey
  readonly end: SearchEnd | 'limit'
  readonly space: Pick<Space, 'points' | 'infeasible'> & { readonly feasible: number }
  /** In the order tried; the first is the default. */
  readonly measurements: readonly Measurement[]
  /** Measurements taken over from an earlier search of the same problem. */
  readonly remembered: number
  readonly default?: Measurement
  readonly best?: Measurement
  /** What was saved; absent after an interrupt, a lost device, or when nothing passed. */
  readonly winner?: Winner
  readonly journal: string
  /** Warnings, and SR7004 or SR7005 where the search found nothing or lost the device. */
  readonly diagnostics: readonly Diagnostic[]
}

const chooseTemplate = ({ algorithm, problem, device, template }: TuneOptions): Template =>
  template ?? preferredTemplate(device.info.target, problem, factsOf(algorithm, problem), limitsOf(device.info)) ?? fail('SR3002', { target: device.info.target, dtype: problem.dtype, known: 'f32, f16, bf16 (cuda), f32, f16 (wgsl)', kernel: algorithm.name })

const checkOptions = ({ lengths, budgetMs }: TuneOptions): void => {
  const tokens = lengths.reduce((sum, l) => sum + l, 0)
  if (!(tokens > 0)) fail('SR7007', { count: lengths.length, tokens })
  if (!(budgetMs > 0)) fail('SR7010', { value: budgetMs })
}

const spaceOf = (template: Template, algorithm: Algorithm, problem: Problem, limits: ReturnType<typeof limitsOf>): Space => {
  const space = enumerateSpace(template, problem, factsOf(algorithm, problem), limits)
  return space.feasible.length ? space : fail('SR7009', { template: template.name, kernel: algorithm.name, space: printSpace(space) })
}

const countReasons = (measurements: readonly Pick<Measurement, 'reason'>[]): string => {
  const counts = new Map<string, number>()
  for (const { reason = 'no reason' } of measurements) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, 3).map(([reason, n]) => `${n} x ${reason}`).join('; ')
}

/** What a search that found nothing or lost the device has to say. */
export const troublesOf = ({ end, best, measurements, reason }: SearchResult<AnySchedule>, kernel: string, device: string): readonly Diagnostic[] => {
  if (end === 'device') return [diagnostic('SR7005', { device, schedule: printSchedule(measurements.at(-1)!.schedule), reason })]
  if (!best && end !== 'interrupted') return [diagnostic('SR7004', { tried: measurements.length, kernel, device, reasons: countReasons(measurements) })]
  return []
}

/**
 * Searches a loop nest's space for one problem on one device: default first, then by predicted cost. Every candidate is checked before it is timed;
 * measurements are kept as they are made, so the same call goes on where an interrupted one stopped. Saves the winner.
 * Throws SR7001, SR7003 for files that cannot be read, SR7007 to SR7010 for what cannot be searched; never for a candidate.
 */
export const tune = async (options: TuneOptions): Promise<TuneResult> => {
  checkOptions(options)
  const { algorithm, problem, device, heads, lengths, seed, store, budgetMs, limit = Infinity } = options
  const template = chooseTemplate(options)
  const limits = limitsOf(device.info)
  const space = spaceOf(template, algorithm, problem, limits)
  const key = tuningKey({ algorithm, problem, heads, template: template.name, info: device.info, lengths })
  const { warnings } = lookupWinner(store.winners, key)
  const journal = openJournal(store.journal, { key, lengths, seed, captures: options.captures ?? {} }, options.fresh)
  const all = orderCandidates(template, space, problem, limits, canonical(template, template.defaults(problem, factsOf(algorithm, problem), limits)))
  const candidates = all.slice(0, Math.max(1, limit))
  const found = await search({
    bench: options.workbench ?? attentionWorkbench(options), candidates, journal, budgetMs,
    ...(options.signal && { signal: options.signal }), ...(options.onProgress && { onProgress: options.onProgress }),
  })
  const end = found.end === 'complete' && candidates.length < all.length ? 'limit' : found.end
  const base: Omit<TuneResult, 'winner'> = {
    key, end, space: { points: space.points, feasible: space.feasible.length, infeasible: space.infeasible },
    measurements: found.measurements, remembered: found.remembered,
    ...(found.measurements[0] && { default: found.measurements[0] }), ...(found.best && { best: found.best }),
    journal: journal.path, diagnostics: [...warnings, ...troublesOf(found, algorithm.name, device.info.name)],
  }
  if (!found.best || end === 'interrupted' || end === 'device') return Object.freeze(base)
  const winner: Winner = {
    key, schedule: found.best.schedule, ms: found.best.ms!,
    default: { schedule: candidates[0]!, ms: found.measurements[0]!.ms ?? null },
    lengths: { sequences: lengths.length, tokens: lengths.reduce((sum, l) => sum + l, 0), longest: lengths.reduce((max, l) => Math.max(max, l), 0) },
    seed, space: base.space, search: end, measurements: [...found.measurements],
  }
  await saveWinner(store.winners, winner)
  return Object.freeze({ ...base, winner })
}
