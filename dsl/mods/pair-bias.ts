/** Adds bias(q, kv): a dense [B, N, N] or packed Σ L² bias (FBGEMM's and HSTU's `rab`). */
export const pairBias = (score: number, _b: number, _h: number, q: number, kv: number, seq: { readonly bias: (row: number, column: number) => number }): number =>
  score + seq.bias(q, kv)
