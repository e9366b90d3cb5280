/** Everyone sees the first `prefix` keys: combine with `causal` through `or` (T5's prefix language model). */
export const prefix = (_b: number, _h: number, _q: number, kv: number, seq: { readonly prefix: number }): boolean => kv < seq.prefix
