/** The first `contextual` tokens see everything: combine with `causal` through `or` (HSTU's `contextual_seq_len`). */
export const contextual = (_b: number, _h: number, q: number, _kv: number, seq: { readonly contextual: number }): boolean => q < seq.contextual
