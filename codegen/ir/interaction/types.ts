import type { Dtype, NamedCapture } from '../algorithm.ts'
import type { Expr, Span } from '../hook.ts'

/** `batch`: sequences; `jagged`: elements of one sequence; `dense`: a size known when a kernel is made, unless the axis has an `index`. */
export type AxisKind = 'batch' | 'jagged' | 'dense'

export interface Axis {
  readonly name: string
  readonly kind: AxisKind
  /** The axis that owns the lengths (jagged) or the size (dense) of this one; itself where it has its own. */
  readonly like: string
  /** jagged: the batch axis that its sequences are counted along. */
  readonly batch?: string
  /** An i32 expression of coordinates, lengths, captures and i32 inputs: the axis is not walked but computed, and may fall outside of a tensor. One of the output says where elements are written. */
  readonly index?: Expr
  /** jagged: an i32 expression of other lengths and captures that gives this axis' length. */
  readonly length?: Expr
}

export type LayoutAxis =
  | { readonly kind: 'axis'; readonly name: string }
  /** `outer`: row-major; `lower`: column < row, packed. */
  | { readonly kind: 'outer' | 'lower'; readonly row: string; readonly column: string }

/**
 * Element (b, ...) of a `jagged` tensor lies at (first[b] + place of the first layout axis) · product of the dense sizes + ...; first[b] sums, over the sequences
 * before b, L (one axis), L · M (`outer`) or L (L - 1) / 2 (`lower`). A `dense` tensor is row-major over batch (where `batch` is not null) and its axes;
 * a jagged axis in it has the launch's capacity N, and a read at N or beyond gives `fill`.
 */
export interface TensorSpec {
  readonly name: string
  /** Whose memory: its own name, or that of the input that it rereads. */
  readonly tensor: string
  readonly storage: 'jagged' | 'dense'
  readonly batch: string | null
  /** Without the batch axis. */
  readonly axes: readonly LayoutAxis[]
  /** `element`: the problem's dtype. */
  readonly dtype: 'element' | 'f32' | 'i32'
  readonly fill: number
  /** Of a dense tensor by sequences: it has B + 1 places, and that of sequence b is b + 1. Place 0 of an output holds 0. */
  readonly ends?: true
}

/** One reduction over `Interaction.reduced`: its values may use the results of earlier passes, `stat:N` counted over all passes. */
export interface Pass {
  /** mean: 0 over nothing. max, min: 0 over nothing. */
  readonly op: 'sum' | 'mean' | 'max' | 'min'
  /** f32, or i32 for a min or max of indices. */
  readonly values: readonly Expr[]
  /** Its result has no gradient (a softmax's maximum). */
  readonly detached?: true
}

/** A running sum along one axis of the output: `stat:0` is, at each element, the sum of `value` over the elements of the axis up to it, the other coordinates being equal. */
export interface Scan {
  readonly axis: string
  /** f32, or i32 where sums wrap around. */
  readonly value: Expr
  /** Without the element itself. */
  readonly exclusive: boolean
  /** From the element to the end of the axis. */
  readonly reverse: boolean
}

/** A tensor that a kernel makes beside its output: `value` at every element of the output, added up over all axes but the dense ones that `output` has. */
export interface ColumnSum {
  readonly output: TensorSpec
  /** f32: what an epilogue may read. */
  readonly value: Expr
}

/**
 * For every element of the output: the passes run over `reduced` at the element's other coordinates, then `epilogue` gives the element. No passes: a movement
 * or an elementwise map. Where the output keeps a reduced axis the epilogue runs at each of its elements and may read inputs along it.
 */
export interface Interaction {
  readonly kind: 'interaction'
  readonly name: string
  readonly axes: readonly Axis[]
  readonly inputs: readonly TensorSpec[]
  readonly output: TensorSpec
  readonly captures: readonly NamedCapture[]
  readonly reduced: readonly string[]
  readonly passes: readonly Pass[]
  /** In place of passes, with no axis reduced. */
  readonly scan?: Scan
  /** f32; i32 where the output's dtype is. */
  readonly epilogue: Expr
  /** Of derived steps, whose output keeps the reduced axes; absent: none. */
  readonly sums?: readonly ColumnSum[]
  /** Inputs that the author says have no gradient, beside those of dtype i32. */
  readonly constants: readonly string[]
  readonly span: Span
  /** The author's functions, for the comments of a kernel; absent in derived ones. */
  readonly spans: Readonly<Partial<Record<'value' | 'epilogue' | 'index', Span>>>
}

/** What a kernel is specialised for. Lengths, B, capacities and the sizes of indexed dense axes are run-time values. */
export interface InteractionProblem {
  /** i32: movement only. */
  readonly dtype: Dtype | 'i32'
  /** Of each dense axis that owns its size and has no index. */
  readonly sizes: Readonly<Record<string, number>>
  /** How f32 products are taken in a contraction; default `ieee`. */
  readonly precision?: 'ieee' | 'tf32'
}

/** For `reads[b]` in -1..n-1 (others count nowhere): `offsets` [n + 1] and `items`, the b's of each value in ascending order, one value after another. */
export interface ListStep {
  readonly kind: 'lists'
  /** The step's name: `${name}_offsets` and `${name}_items`. */
  readonly name: string
  /** An i32 tensor: an input or the output of an earlier step. */
  readonly keys: string
  /** n: the batch axis, or the indexed dense axis, whose values are listed. */
  readonly axis: string
}
export interface KernelStep {
  readonly kind: 'kernel'
  /** Tensor that it makes: an intermediate, or a result of the program. */
  readonly writes: string
  readonly interaction: Interaction
}
/** A gradient as a sequence of steps; an intermediate is read by name. */
export interface InteractionProgram {
  readonly name: string
  readonly steps: readonly (KernelStep | ListStep)[]
  /** Tensors that a caller wants: gradient of input → tensor. */
  readonly results: Readonly<Record<string, string>>
  /** The same results by steps without sums: for a target or sizes that cannot add up columns beside an output. Absent where no step has sums. */
  readonly apart?: InteractionProgram
}
