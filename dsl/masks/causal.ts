/** A query sees itself and what came before it. */
export const causal = (_b: number, _h: number, q: number, kv: number): boolean => kv <= q
