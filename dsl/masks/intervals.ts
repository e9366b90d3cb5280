/** Columns of a query's interval list: keys [0, f0) and [f1, f2) are seen (NVIDIA HSTU's `func` with n_func = 3). */
export interface IntervalsSeq {
  readonly intervals: { readonly q: (column: number) => number }
}

/** One list of three ends a query row: a prefix and an interval. Empty intervals (end <= start) see nothing. */
export const intervals = (_b: number, _h: number, _q: number, kv: number, seq: IntervalsSeq): boolean =>
  kv < seq.intervals.q(0) || (seq.intervals.q(1) <= kv && kv < seq.intervals.q(2))
