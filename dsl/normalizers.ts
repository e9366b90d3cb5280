import type { MaskMod } from './hooks.ts'

export interface SoftmaxOptions<S = any> {
  /** A logit that takes part in the row's sum and maximum, and in lse, but has no value (attention sink). */
  readonly sink?: number | ((seq: S) => number)
  /** Multiplies the normalised row, e.g. FBGEMM's 1 / N. May read a perToken's `.q`. */
  readonly scale?: number | ((seq: S) => number)
  /** Drops weights after the row's sum was taken, without renormalising (FBGEMM `sll`'s mask). */
  readonly keepAfter?: MaskMod<S>
}

/** softmax over the kept keys of a row; a row that keeps none gives 0 and an lse of -inf (of the sink's logit, where there is one). */
export interface SoftmaxNormalizer<S = any> extends SoftmaxOptions<S> {
  readonly kind: 'softmax'
}

/** out_i = scale · Σ_j kept(i,j) · activation(s_ij) · v_j; a masked pair contributes exactly 0, a row that keeps none gives 0. */
export interface PointwiseNormalizer<S = any> {
  readonly kind: 'pointwise'
  readonly activation: (score: number) => number
  readonly scale?: number | ((seq: S) => number)
}

/** Heads below `heads(seq)` are normalised by `first`, the others by `rest`. */
export interface ByHeadNormalizer<S = any> {
  readonly kind: 'byHead'
  readonly heads: (seq: S) => number
  readonly first: SoftmaxNormalizer<S> | PointwiseNormalizer<S>
  readonly rest: SoftmaxNormalizer<S> | PointwiseNormalizer<S>
}

export type Normalizer<S = any> = SoftmaxNormalizer<S> | PointwiseNormalizer<S> | ByHeadNormalizer<S>

export const softmax = <S = any>(options: SoftmaxOptions<S> = {}): SoftmaxNormalizer<S> => Object.freeze({ ...options, kind: 'softmax' })

/** Applies `activation` to each score, then `scale`: a number, or computed from `seq` (per row where it reads a perToken's `.q`). */
export const pointwise = <S = any>(activation: (score: number) => number, scale?: number | ((seq: S) => number)): PointwiseNormalizer<S> =>
  Object.freeze({ kind: 'pointwise', activation, ...(scale !== undefined && { scale }) })

/** Softmax for some heads and a pointwise normalizer for the others (HSTU's `num_softmax_heads`). */
export const byHead = <S = any>(heads: (seq: S) => number, first: SoftmaxNormalizer<S> | PointwiseNormalizer<S>, rest: SoftmaxNormalizer<S> | PointwiseNormalizer<S>): ByHeadNormalizer<S> =>
  Object.freeze({ kind: 'byHead', heads, first, rest })
