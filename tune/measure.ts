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
/** A launch that takes this many times what a candidate may spend is measured once. */
const LONG = 10

/** The time of a first launch. A short one that looks slow gets a second chance, the best of three. */
const probe = async (time: Timer, tooSlow: number, spendMs: number): Promise<readonly number[]> => {
  const first = await time({ warmup: 0, iterations: 1 })
  return first[0]! > tooSlow && first[0]! < spendMs / 10 ? time({ warmup: 1, iterations: 3 }) : first
}

/**
 * Median time of a candidate. One launch first, of which nothing is kept unless it is so slow that more would be wasted; then between 3 and 25
 * launches, as many as `spendMs` holds; a launch that takes seconds is not repeated.
 */
export const measure = async (time: Timer, { best = Infinity, slowFactor = 1.5, spendMs = 300, signal }: MeasureOptions = {}): Promise<Timed> => {
  const first = await probe(time, slowFactor * best, spendMs)
  const fastest = Math.min(...first)
  if (fastest > slowFactor * best) return { status: 'slow', ms: median(first), times: first }
  if (fastest > LONG * spendMs) return { status: 'ok', ms: median(first), times: first }
  signal?.throwIfAborted()
  const iterations = Math.min(MOST, Math.max(FEWEST, Math.floor(spendMs / Math.max(fastest, 1e-3))))
  const times = await time({ warmup: fastest < spendMs / MOST ? 1 : 0, iterations })
  return { status: 'ok', ms: median(times), times }
}
