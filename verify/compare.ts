/** Where an element of an output is. */
export interface Place {
  readonly row: number
  readonly head: number
  /** Absent for lse. */
  readonly dim?: number
  /** -1 past the last offset. */
  readonly sequence: number
  /** Position of the row inside its sequence. */
  readonly position: number
  readonly got: number
  readonly want: number
}

export interface Comparison {
  readonly ok: boolean
  /** Largest error; Infinity where something is NaN or infinite and the reference is not. */
  readonly max: number
  readonly allowed: number
  /** What the plain formula in this dtype is off by. */
  readonly plain: number
  /** The worst element. */
  readonly at?: Place
}

export interface TensorShape {
  readonly heads: number
  /** 1 for lse. */
  readonly headDim: number
  readonly seqOffsets: readonly number[]
  readonly lse?: boolean
}

const placeOf = (i: number, { heads, headDim, seqOffsets, lse }: TensorShape, got: number, want: number): Place => {
  const row = Math.floor(i / (heads * headDim))
  const sequence = seqOffsets.findIndex((from, b) => row >= from && row < (seqOffsets[b + 1] ?? -1))
  const start = sequence < 0 ? seqOffsets.at(-1)! : seqOffsets[sequence]!
  return { row, head: Math.floor(i / headDim) % heads, ...(lse ? {} : { dim: i % headDim }), sequence, position: row - start, got, want }
}

/** Equal infinities are no error; anything else that is not finite is an infinite one. A NaN of the reference asks for nothing. */
const errorOf = (got: number, want: number): number => {
  if (Number.isNaN(want) || got === want) return 0
  const e = Math.abs(got - want)
  return Number.isNaN(e) ? Infinity : e
}

export interface ErrorSummary { readonly max: number; readonly at: number }

/** The largest error of a tensor and where it is. */
export const largestError = (got: ArrayLike<number>, want: ArrayLike<number>): ErrorSummary => {
  let max = 0
  let at = -1
  for (let i = 0; i < want.length; i++) {
    const e = errorOf(got[i]!, want[i]!)
    if (e > max) {
      max = e
      at = i
    }
  }
  return { max, at }
}

/** The largest finite magnitude of a reference. */
export const largest = (values: ArrayLike<number>): number => {
  let max = 0
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i]) && Math.abs(values[i]!) > max) max = Math.abs(values[i]!)
  return max
}

/** Compares a tensor with its f64 reference under an allowed error. */
export const compareTensor = (got: ArrayLike<number>, want: ArrayLike<number>, allowed: number, plain: number, shape: TensorShape): Comparison => {
  const { max, at } = got.length === want.length ? largestError(got, want) : { max: Infinity, at: -1 }
  return { ok: max <= allowed, max, allowed, plain, ...(at >= 0 && { at: placeOf(at, shape, got[at]!, want[at]!) }) }
}
