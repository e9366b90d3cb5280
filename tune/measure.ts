/** Runs `iterations` launches after `warmup` ones and gives each one's milliseconds. */
export type Timer = (timing: { readonly warmup: number; readonly iterations: number }) => Promise<readonly number[]>

export interface MeasureOptions {
  /** Median of the fastest candidate so far; absent for the first. */
  readonly best?: number
  /** A first launch this many times slower than the best ends the measurement. */
  readonly slowFactor?: number
  /** Milliseconds of launches worth spending on one candidate. */
  readonly spendMs?: number
  readonly signal?: AbortSignal
}

export interface Timed {
  readonly status: 'ok' | 'slow'
  readonly ms: number
  readonly times: readonly number[]
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const mid = sorted.length >> 1
  return sorted.length % 2 ? sorted[mid]! : (sorted[mid - 1]! + sorted[mid]!) / 2
}

const FEWEST = 3
const MOST = 25

/**
 * Median time of a candidate. One launch first, of which nothing is kept unless it is so slow that more would be wasted; then between 3 and 25
 * launches, as many as `spendMs` holds.
 */
export const measure = async (time: Timer, { best = Infinity, slowFactor = 1.5, spendMs = 300, signal }: MeasureOptions = {}): Promise<Timed> => {
  const first = await time({ warmup: 0, iterations: 1 })
  const probe = first[0]!
  if (probe > slowFactor * best) return { status: 'slow', ms: probe, times: first }
  signal?.throwIfAborted()
  const iterations = Math.min(MOST, Math.max(FEWEST, Math.floor(spendMs / Math.max(probe, 1e-3))))
  const times = await time({ warmup: probe < spendMs / MOST ? 1 : 0, iterations })
  return { status: 'ok', ms: median(times), times }
}
