import { clamp } from '../math.ts'

/** Adds bias[clamp(kv - q, -reach, reach) + reach] from a table of 2 · reach + 1 entries (Shaw et al. 2018; T5 and HSTU position bias). */
export const relativeBias =
  (reach: number) =>
  (score: number, _b: number, _h: number, q: number, kv: number, seq: { readonly bias: (index: number) => number }): number =>
    score + seq.bias(clamp(kv - q, -reach, reach) + reach)
