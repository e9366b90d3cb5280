import type { Seq } from './hooks.ts'

/** softmax over the kept keys of a row; a row that keeps none gives 0 and an lse of -inf. */
export interface SoftmaxNormalizer {
  readonly kind: 'softmax'
}

/** out_i = scale · Σ_j kept(i,j) · activation(s_ij) · v_j; a masked pair contributes exactly 0, a row that keeps none gives 0. */
export interface PointwiseNormalizer<S = Seq> {
  readonly kind: 'pointwise'
  readonly activation: (score: number) => number
  readonly scale?: number | ((seq: S) => number)
}

export type Normalizer<S = Seq> = SoftmaxNormalizer | PointwiseNormalizer<S>

export const softmax = (): SoftmaxNormalizer => Object.freeze({ kind: 'softmax' })

/** Applies `activation` to each score, then `scale` (a number, or computed once per sequence and head from `seq`). */
export const pointwise = <S = Seq>(activation: (score: number) => number, scale?: number | ((seq: S) => number)): PointwiseNormalizer<S> =>
  Object.freeze({ kind: 'pointwise', activation, ...(scale !== undefined && { scale }) })
