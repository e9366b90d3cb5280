/** A stream of reproducible random numbers. */
export interface Rng {
  /** Uniform in [0, 1). */
  next(): number
  /** A whole number, both ends included. */
  int(low: number, high: number): number
  pick<T>(items: readonly T[]): T
  chance(probability: number): boolean
  /** Standard normal. */
  normal(): number
}

const hash32 = (text: string): number => {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  return (h ^ (h >>> 13)) >>> 0
}

/** Everything that `Rng` offers, over any source of numbers in [0, 1). */
export const rngFrom = (next: () => number): Rng => {
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    int,
    pick: (items) => items[int(0, items.length - 1)]!,
    chance: (probability) => next() < probability,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  }
}

/** mulberry32, seeded by the text of its keys: streams of different keys are unrelated. */
export const rngOf = (...keys: readonly (string | number)[]): Rng => {
  let state = hash32(keys.join('|'))
  return rngFrom(() => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  })
}
