/** A query sees keys at most `window` positions before it, itself included (window 0: only itself), and any key after it: combine with `causal`. */
export const slidingWindow = (_b: number, _h: number, q: number, kv: number, seq: { readonly window: number }): boolean => q - kv <= seq.window
