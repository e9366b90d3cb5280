import type { AnySchedule } from '../codegen/ir/schedule.ts'
import type { Measured } from './records.ts'

type Measurement = Measured<AnySchedule>

/** One event a candidate, and one before the first. `done` never goes down, `etaMs` never up. */
export interface Progress {
  readonly done: number
  readonly total: number
  readonly etaMs: number
  readonly best?: Measurement
  /** The candidate that was just done. */
  readonly last?: Measurement
}

/** Follows a search. Time for what is left is the mean so far, never more than the budget that is left. */
export const trackProgress = (total: number, budgetMs: number, now: () => number, report: (progress: Progress) => void) => {
  const started = now()
  let eta = Number.isFinite(budgetMs) ? budgetMs : Number.MAX_SAFE_INTEGER
  let measured = 0
  let done = 0
  return {
    step(best: Measurement | undefined, last: Measurement | undefined, remembered = false): void {
      if (last) done++
      if (last && !remembered) measured++
      const spent = now() - started
      const estimate = done === total ? 0 : measured ? (spent / measured) * (total - done) : Infinity
      eta = Math.max(0, Math.min(eta, estimate, budgetMs - spent))
      report({ done, total, etaMs: Math.round(eta), ...(best && { best }), ...(last && { last }) })
    },
  }
}

const clock = (ms: number): string => (ms >= 60_000 ? `${Math.floor(ms / 60_000)}m${String(Math.round((ms % 60_000) / 1000)).padStart(2, '0')}s` : `${Math.ceil(ms / 1000)}s`)

/** "12/88 tried, 14s left, best 3.21 ms". */
export const progressLine = ({ done, total, etaMs, best }: Progress): string =>
  [`${done}/${total} tried`, ...(etaMs < Number.MAX_SAFE_INTEGER ? [`${clock(etaMs)} left`] : []), ...(best?.ms === undefined ? [] : [`best ${Number(best.ms.toPrecision(3))} ms`])].join(', ')
