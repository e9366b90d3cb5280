/** The last `local` positions and the first `global` keys (semi-local attention, K1 or K2): combine with `causal`. */
export const semiLocal = (_b: number, _h: number, q: number, kv: number, seq: { readonly local: number; readonly global: number }): boolean =>
  q - kv < seq.local || kv < seq.global
