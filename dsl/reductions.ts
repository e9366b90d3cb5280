export type ReductionOp = 'sum' | 'mean' | 'max' | 'argmax' | 'softmax' | 'moments' | 'prefixSum'

/** How values along `axes` become one. Where the output keeps an axis, each of its elements sees the result. */
export interface Reduction<Op extends ReductionOp = ReductionOp> {
  readonly kind: 'reduction'
  readonly op: Op
  readonly axes: readonly string[]
  /** Of a prefix sum. */
  readonly options?: PrefixSumOptions
}

export interface PrefixSumOptions {
  /** Without the element itself: 0 at the first one. Default false. */
  readonly exclusive?: boolean
  /** From the element to the end of the axis. Default false. */
  readonly reverse?: boolean
}

/** Of the values along the reduced axes; no values: all 0. */
export interface Moments {
  /** This element, where the output keeps the axes. */
  readonly value: number
  readonly mean: number
  /** Biased: mean of (value - mean)², taken in a second pass. */
  readonly variance: number
  /** Mean of value². */
  readonly meanSquare: number
}

/** What an epilogue receives. */
export type Reduced<R, V> = R extends Reduction<'moments'> ? Moments : V

const reduction = <Op extends ReductionOp>(op: Op) => (...axes: readonly string[]): Reduction<Op> => Object.freeze({ kind: 'reduction', op, axes: Object.freeze([...axes]) })

/** 0 over no elements. Over a product of two inputs this is a matrix product. */
export const sum = reduction('sum')
/** 0 over no elements (the policy of an empty sequence). */
export const mean = reduction('mean')
/** 0 over no elements; the first of equal values has the gradient. */
export const max = reduction('max')
/** Where the maximum is, counted along one axis: the first of equal values; 0 over no elements. */
export const argmax = reduction('argmax')
/** exp(v - max) / Σ exp(v - max) along axes that the output keeps. */
export const softmaxOver = reduction('softmax')
/** Mean and variance along the axes, in two passes. */
export const moments = reduction('moments')
/** At each element of the output the sum of the values along `axis` up to it, whose order is that of the axis: a jagged one begins anew in each sequence. */
export const prefixSum = (axis: string, options: PrefixSumOptions = {}): Reduction<'prefixSum'> => Object.freeze({ kind: 'reduction', op: 'prefixSum', axes: Object.freeze([axis]), options: Object.freeze({ ...options }) })
