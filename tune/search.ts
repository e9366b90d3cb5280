import { hash } from '../codegen/ir/hash.ts'
import { type AnySchedule, printSchedule, type Schedule } from '../codegen/ir/schedule.ts'
import { reasonOf, tryCandidate } from './candidate.ts'
import type { Journal } from './journal.ts'
import { type Progress, trackProgress } from './progress.ts'
import type { Measured } from './records.ts'
import type { AnyWorkbench } from './workbench.ts'

export interface SearchOptions<S extends AnySchedule = Schedule> {
  readonly bench: AnyWorkbench<S>
  /** In the order to try them; the first is the default. */
  readonly candidates: readonly S[]
  readonly journal: Pick<Journal<S>, 'find' | 'add'>
  readonly budgetMs: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  readonly now?: () => number
}

/** Why a search ended: every candidate was tried, the time was spent, it was stopped, or the device no longer works. */
export type SearchEnd = 'complete' | 'budget' | 'interrupted' | 'device'

export interface SearchResult<S extends AnySchedule = Schedule> {
  readonly end: SearchEnd
  /** In the order tried, remembered ones included. */
  readonly measurements: readonly Measured<S>[]
  /** How many came from an earlier, unfinished search. */
  readonly remembered: number
  readonly best?: Measured<S>
  /** With end `device`: what the device said. */
  readonly reason?: string
}

const faster = <S>(a: Measured<S> | undefined, b: Measured<S>): Measured<S> | undefined => (b.status === 'ok' && (!a || b.ms! < a.ms!) ? b : a)

/** Hash of what would be measured; a schedule that does not emit has the hash of its error. */
const sourceOf = <S extends AnySchedule>(bench: AnyWorkbench<S>, schedule: S): string => {
  try {
    return bench.emit(schedule).manifest.hashes.source
  } catch (error) {
    return hash(reasonOf(error))
  }
}

/** After a thrown failure: does a schedule that was right before still give its result? Undefined when it does. */
const deviceTrouble = async <S extends AnySchedule>(bench: AnyWorkbench<S>, known: Measured<S> | undefined): Promise<string | undefined> => {
  if (!known) return undefined
  try {
    const kernel = bench.emit(known.schedule)
    const compiled = await bench.load(kernel)
    try {
      const { ok, reason } = await bench.check(kernel, compiled)
      return ok ? undefined : (reason ?? 'a schedule that was right before is now wrong')
    } finally {
      compiled.dispose()
    }
  } catch (error) {
    return reasonOf(error)
  }
}

/** Tries candidates in order until all are done, the budget is spent or the signal fires. The default is always measured. A failed candidate is a record. */
export const search = async <S extends AnySchedule>({ bench, candidates, journal, budgetMs, signal, onProgress = () => {}, now = () => performance.now() }: SearchOptions<S>): Promise<SearchResult<S>> => {
  const started = now()
  const progress = trackProgress(candidates.length, budgetMs, now, onProgress)
  const measurements: Measured<S>[] = []
  let best: Measured<S> | undefined
  let remembered = 0
  const result = (end: SearchEnd, reason?: string): SearchResult<S> => ({ end, measurements, remembered, ...(best && { best }), ...(reason && { reason }) })
  progress.step(undefined, undefined)

  for (const [index, schedule] of candidates.entries()) {
    if (signal?.aborted) return result('interrupted')
    const source = sourceOf(bench, schedule)
    const known = journal.find(schedule, source)
    if (!known && index > 0 && now() - started >= budgetMs) return result('budget')
    let made = known
    if (!made) {
      try {
        made = await tryCandidate(bench, schedule, source, { ...(best?.ms !== undefined && { best: best.ms }), ...(signal && { signal }) })
      } catch (error) {
        if (signal?.aborted) return result('interrupted')
        throw error
      }
      await journal.add(made)
    } else remembered++
    measurements.push(made)
    const trouble = !known && made.status === 'failed' && made.stage !== 'compile' ? await deviceTrouble(bench, best) : undefined
    best = faster(best, made)
    progress.step(best, made, Boolean(known))
    if (trouble) return result('device', `${printSchedule(schedule)}: ${made.reason}; then ${trouble}`)
  }
  return result('complete')
}
