/** What of a batch's lengths goes into a tuning key: batches with equal profiles share a winner. */
export interface LengthProfile {
  /** Mean length, rounded to a power of two (0 for no tokens). */
  readonly mean: number
  /** Longest length, rounded up to a power of two. */
  readonly max: number
  /** ΣL / (B · longest) in eighths: 8 is every sequence at full length. */
  readonly density: number
}

const powerOfTwo = (x: number, round: (x: number) => number): number => (x > 0 ? 2 ** Math.max(0, round(Math.log2(x))) : 0)

export const profileOf = (lengths: readonly number[]): LengthProfile => {
  const tokens = lengths.reduce((sum, l) => sum + l, 0)
  const max = lengths.reduce((m, l) => Math.max(m, l), 0)
  const mean = lengths.length ? tokens / lengths.length : 0
  return Object.freeze({ mean: powerOfTwo(mean, Math.round), max: powerOfTwo(max, Math.ceil), density: max ? Math.round((8 * mean) / max) : 0 })
}

export const printProfile = ({ mean, max, density }: LengthProfile): string => `mean ~${mean}, max <= ${max}, density ${density}/8`
