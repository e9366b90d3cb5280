/** Element types a capture can hold. `i32` arrives in a hook as an integer, `f32` as a float. */
export type CaptureDtype = 'i32' | 'f32'

export type CaptureKind = 'scalar' | 'perHead' | 'perSequence' | 'perToken' | 'table' | 'pair'

export interface CaptureOptions {
  /** Values that `verify` draws, inclusive. A hint for drawing inputs; nothing is checked against it at launch. */
  readonly range?: readonly [number, number]
}

export interface ScalarOptions extends CaptureOptions {
  /** The argument's name at launch, when it differs from the key (used by `smScale`). */
  readonly name?: string
  /** Used at launch when the argument is not given. */
  readonly default?: number
}

export interface TableOptions extends CaptureOptions {
  /** One row of the table per head. */
  readonly perHead?: boolean
  /** Entries (per head) that `verify` draws; at launch the length is the given array's. */
  readonly length?: number
}

export interface PerTokenOptions extends CaptureOptions {
  /** Numbers a row; a hook then reads `seq.name.q(i)` and `seq.name.kv(i)`. */
  readonly columns?: number
}

export interface PairOptions extends CaptureOptions {
  /** `dense`: [B, rows, columns]; `jagged`: [Σ qLen · kvLen], each sequence's rows one after another. */
  readonly layout: 'dense' | 'jagged'
  /** One array for each head, or for each group of heads: [B, Hr, rows, columns] or [Hr, Σ qLen · kvLen], Hr a divisor of H. */
  readonly perHead?: boolean
}

/** A run-time input of a hook: `K` says which index selects its value. */
export interface CaptureDecl<K extends CaptureKind = CaptureKind> {
  readonly kind: K
  readonly dtype: CaptureDtype
  readonly perHead: boolean
  readonly name?: string
  readonly default?: number
  readonly range?: readonly [number, number]
  readonly length?: number
  readonly columns?: number
  readonly layout?: 'dense' | 'jagged'
}

const declare = <K extends CaptureKind>(kind: K, dtype: CaptureDtype, options: ScalarOptions & TableOptions & PerTokenOptions & Partial<PairOptions> = {}): CaptureDecl<K> =>
  Object.freeze({ perHead: false, ...options, kind, dtype })

/** One number for the whole launch, shape [1]. */
export const scalar = (dtype: CaptureDtype, options?: ScalarOptions) => declare('scalar', dtype, options)
/** One number per head, shape [H]. */
export const perHead = (dtype: CaptureDtype, options?: CaptureOptions) => declare('perHead', dtype, options)
/** One number per sequence, shape [B]. */
export const perSequence = (dtype: CaptureDtype, options?: CaptureOptions) => declare('perSequence', dtype, options)
/** `columns` numbers per packed row: marks the capture for the type of its reads. */
export interface WithColumns { readonly columns: number }
/** One number per packed row, shape [ΣL], or `columns` of them, [ΣL, columns]; a hook reads `{ q, kv }`, the values at the query's and at the key's row. */
export function perToken(dtype: CaptureDtype, options: PerTokenOptions & WithColumns): CaptureDecl<'perToken'> & WithColumns
export function perToken(dtype: CaptureDtype, options?: CaptureOptions): CaptureDecl<'perToken'>
export function perToken(dtype: CaptureDtype, options?: PerTokenOptions): CaptureDecl<'perToken'> {
  return declare('perToken', dtype, options)
}
/** A number for a query and a key, read as `seq.name(row, column)`, both counted inside the sequence; out of range is an error in the reference and clamps in kernels. */
export const pair = (dtype: CaptureDtype, options: PairOptions) => declare('pair', dtype, options)
/** Numbers read at a computed index, shape [length] or [H, length]; out of range is an error in the reference and clamps in kernels. */
export const table = (dtype: CaptureDtype, options?: TableOptions) => declare('table', dtype, options)

export type Captures = Readonly<Record<string, CaptureDecl>>

/** What a capture looks like inside a hook. */
export type CaptureValue<K extends CaptureKind> = K extends 'perToken'
  ? { readonly q: number; readonly kv: number }
  : K extends 'table'
    ? (index: number) => number
    : K extends 'pair'
      ? (row: number, column: number) => number
      : number

export interface ColumnReads {
  readonly q: (column: number) => number
  readonly kv: (column: number) => number
}
