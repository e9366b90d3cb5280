import { clamp } from '../math.ts'

export interface HstuSeq {
  readonly kvLen: number
  /** Candidates at the end of the sequence: each sees the history and itself, never another. More than the sequence holds counts as all of it. */
  readonly numTargets: number
  /** Tokens at the start that form one "position 0" and see the whole history. */
  readonly contextual: number
  /** A query sees at most this many positions back; 0 is no limit. */
  readonly maxAttnLen: number
  /** With a maxAttnLen: this many positions at the end of the history, and the candidates, see all of it; 0 is none. */
  readonly minFullAttnSeqLen: number
}

/** HSTU's causal mask with targets, contextual tokens, max_attn_len and min_full_attn_seq_len (generative-recommenders, `hstu_mha`). */
export const hstuMask = (_b: number, _h: number, q: number, kv: number, seq: HstuSeq): boolean => {
  const shift = Math.max(seq.contextual - 1, 0)
  const maxId = seq.kvLen - shift - clamp(seq.numTargets, 0, seq.kvLen)
  const idQ = Math.min(Math.max(q - shift, 0), maxId)
  const idKv = Math.min(Math.max(kv - shift, 0), maxId)
  const near = seq.maxAttnLen <= 0 || idQ - idKv <= seq.maxAttnLen || (seq.minFullAttnSeqLen > 0 && idQ >= maxId - seq.minFullAttnSeqLen)
  return ((q === kv || idQ > idKv) && near) || (seq.contextual > 0 && idQ === 0 && idKv < maxId)
}
