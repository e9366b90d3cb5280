import { clamp, floorDiv } from '../math.ts'

export interface TargetsSeq {
  readonly kvLen: number
  /** Candidates at the end of the sequence; more than it holds counts as all of it. */
  readonly numTargets: number
}

const historyLength = (seq: TargetsSeq): number => seq.kvLen - clamp(seq.numTargets, 0, seq.kvLen)

/** Candidates see the history and themselves, never each other; combine with `causal` (HSTU's `num_targets`). */
export const targets = (_b: number, _h: number, q: number, kv: number, seq: TargetsSeq): boolean => kv < historyLength(seq) || q === kv

/** Candidates see the history and their own group of `groupSize`; combine with `causal` (NVIDIA HSTU's `target_group_size`). */
export const targetGroups = (_b: number, _h: number, q: number, kv: number, seq: TargetsSeq & { readonly groupSize: number }): boolean => {
  const history = historyLength(seq)
  const size = Math.max(seq.groupSize, 1)
  return kv < history || (q >= history && floorDiv(q - history, size) === floorDiv(kv - history, size))
}
