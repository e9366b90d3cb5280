/** A query sees `left` positions back and `right` ahead, both inclusive (FlashAttention's window_size). */
export const local = (_b: number, _h: number, q: number, kv: number, seq: { readonly left: number; readonly right: number }): boolean =>
  q - kv <= seq.left && kv - q <= seq.right
