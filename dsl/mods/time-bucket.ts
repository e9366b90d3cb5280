import { clamp } from '../math.ts'

export interface TimeSeq {
  readonly timestamps: { readonly q: number; readonly kv: number }
  readonly timeBias: (bucket: number) => number
}

/**
 * Adds timeBias[clamp(int(√(max(t_q - t_kv, 1e-6) / increment) / divisor), 0, buckets)] from a table of buckets + 1 entries
 * (generative-recommenders' relative attention bias with square-root buckets).
 */
export const timeBucketBias =
  (buckets: number, increment: number, divisor = 1) =>
  (score: number, _b: number, _h: number, _q: number, _kv: number, seq: TimeSeq): number => {
    const elapsed = Math.max(seq.timestamps.q - seq.timestamps.kv, 1e-6) / increment
    return score + seq.timeBias(clamp(Math.trunc(Math.sqrt(elapsed) / divisor), 0, buckets))
  }
