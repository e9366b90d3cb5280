/** ALiBi (Press et al. 2022): a per-head `slope` times the signed distance. */
export const alibi = (score: number, _b: number, _h: number, q: number, kv: number, seq: { readonly slope: number }): number =>
  score + seq.slope * (kv - q)
