/** Two axes stored as one: `outer` all (row, column), row-major; `lower` those with column < row, packed row by row. */
export interface AxisPair<R extends string = string, C extends string = string> {
  readonly kind: 'outer' | 'lower'
  readonly row: R
  readonly column: C
}

/** The B + 1 ends of the sequences of `b`: 0, then where each of them ends. */
export interface AxisEnds<A extends string = string> {
  readonly kind: 'ends'
  readonly axis: A
}

export interface TensorOptions {
  /** Default: the kernel's element type. */
  readonly dtype?: 'f32' | 'i32'
  /** What a read outside of the tensor gives; default 0. */
  readonly fill?: number
  /** The batch axis that the tensor is stored by, where it is not `b`: an axis with an `index` map. */
  readonly batch?: string
}

type Part = string | AxisPair | AxisEnds | TensorOptions

/** The axis names of a layout's arguments. */
export type AxesOf<P> = P extends string ? P : P extends AxisPair<infer R, infer C> ? R | C : P extends AxisEnds<infer E> ? E : never

/** Where the elements of a tensor lie. `jagged`: each sequence's elements one after another, no padding; `dense`: every index has a place. */
export interface TensorLayout<A extends string = string> {
  readonly kind: 'tensor'
  readonly storage: 'jagged' | 'dense'
  /** Outermost first; of `dense`, the batch axis first where there is one. */
  readonly axes: readonly (A | AxisPair<A, A> | AxisEnds<A>)[]
  readonly options: TensorOptions
  /** The input whose memory this one reads again, at other axes. */
  readonly rereads?: string
}

const isOptions = (part: Part): part is TensorOptions => typeof part === 'object' && !('kind' in part)

const layout = <A extends string>(storage: 'jagged' | 'dense', parts: readonly Part[]): TensorLayout<A> =>
  Object.freeze({
    kind: 'tensor', storage,
    axes: Object.freeze(parts.filter((p) => !isOptions(p)) as (A | AxisPair<A, A> | AxisEnds<A>)[]),
    options: Object.freeze(Object.assign({}, ...parts.filter(isOptions))),
  })

/** Every pair of a row and a column, row-major: L_b · M_b of them in a sequence. */
export const outer = <const R extends string, const C extends string>(row: R, column: C): AxisPair<R, C> => Object.freeze({ kind: 'outer', row, column })
/** Pairs with column < row, packed: L (L - 1) / 2 of them. Reads elsewhere give the fill. */
export const lower = <const R extends string, const C extends string>(row: R, column: C): AxisPair<R, C> => Object.freeze({ kind: 'lower', row, column })

/** First in the `dense` output of a `prefixSum` over the sequences: B + 1 places, of which place 0 holds 0 and place b + 1 the sum through sequence b. */
export const ends = <const A extends string>(axis: A): AxisEnds<A> => Object.freeze({ kind: 'ends', axis })

/** Packed by sequence: [Σ L, ...dense], or [Σ L · M, ...] where the first axis is an `outer` pair. */
export const jagged = <const P extends readonly Part[]>(...parts: P): TensorLayout<AxesOf<P[number]>> => layout('jagged', parts)
/** [sizes of the axes], for example [B, D, K]. A jagged axis among them is stored padded to the launch's capacity; longer sequences are cut there. */
export const dense = <const P extends readonly Part[]>(...parts: P): TensorLayout<AxesOf<P[number]>> => layout('dense', parts)
/** The same memory as the input `name`, read at other axes of the same lengths and sizes. */
export const reread = <A extends string>(name: string, at: TensorLayout<A>): TensorLayout<A> => Object.freeze({ ...at, rereads: name })
