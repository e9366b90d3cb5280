import type { CaptureDecl, Captures, CaptureValue } from './captures.ts'
import type { TensorLayout } from './layouts.ts'
import type { Reduced, Reduction } from './reductions.ts'

export type Inputs = Readonly<Record<string, TensorLayout<any>>>

type InputAxes<I extends Inputs> = { [K in keyof I]: I[K] extends TensorLayout<infer A> ? A : never }[keyof I]
type OutputAxes<O> = O extends TensorLayout<infer A> ? A : never

/** One element of each input. */
export type Elements<I extends Inputs> = { readonly [K in keyof I]: number }
/** Where an element is: `b` the sequence, jagged axes counted inside it, dense axes from 0. */
export type At<A extends string> = { readonly [K in A | 'b']: number }
/** This sequence's length along each jagged axis, the sizes of the dense ones, and the captures. */
export type SeqOf<A extends string, C extends Captures> = {
  readonly lengths: { readonly [K in A]: number }
  readonly sizes: { readonly [K in A]: number }
} & { readonly [K in keyof C]: C[K] extends CaptureDecl<infer Kind> ? CaptureValue<Kind> : never }

export interface InteractionSpec<I extends Inputs, O extends TensorLayout<any>, C extends Captures, V, R extends Reduction | undefined, X extends string = never> {
  /** An identifier: names the kernel, its files and its launcher. */
  readonly name: string
  readonly captures?: C
  readonly inputs: I
  readonly output: O
  /** Jagged axes that no input or output has, so that `seq.lengths` can be read. */
  readonly axes?: readonly X[]
  /** Axes that are computed, not walked: where to read the inputs that have them. A read outside of the tensor gives its fill. */
  readonly index?: { readonly [axis: string]: (at: At<any>, seq: any, v: any) => number }
  /** The output's jagged axis where it is computed, not walked: the row that each element is written to. Elements outside of the output are dropped, rows without one are 0; no two elements may have one place. */
  readonly scatter?: { readonly [axis: string]: (at: At<any>, seq: any, v: any) => number }
  /** Lengths of jagged axes that follow from others, for example of the output of a concatenation. */
  readonly lengths?: { readonly [axis: string]: (seq: any) => number }
  readonly value: (v: Elements<I>, at: At<InputAxes<I> | OutputAxes<O>>, seq: SeqOf<InputAxes<I> | OutputAxes<O> | X, C>) => V
  readonly reduce?: R
  /** From the reduced value to the output's element. */
  readonly epilogue?: (y: Reduced<R, V>, v: Elements<I>, at: At<InputAxes<I> | OutputAxes<O>>, seq: SeqOf<InputAxes<I> | OutputAxes<O> | X, C>) => number
  /** Replaces the derived gradient of an input, or says that it has none. */
  readonly gradient?: { readonly [K in keyof I]?: InteractionDefinition | 'none' }
}

/** A jagged feature interaction: out = epilogue(reduce(value(inputs))), element by element of the output. */
export interface InteractionDefinition {
  readonly kind: 'interaction'
  readonly name: string
  readonly captures: Captures
  readonly inputs: Inputs
  readonly output: TensorLayout<any>
  readonly axes?: readonly string[]
  readonly index?: { readonly [axis: string]: (at: any, seq: any, v: any) => number }
  readonly scatter?: { readonly [axis: string]: (at: any, seq: any, v: any) => number }
  readonly lengths?: { readonly [axis: string]: (seq: any) => number }
  readonly value: (v: any, at: any, seq: any) => number | readonly number[]
  readonly reduce?: Reduction
  readonly epilogue?: (y: any, v: any, at: any, seq: any) => number
  readonly gradient?: { readonly [input: string]: InteractionDefinition | 'none' | undefined }
}

/** Declares a feature interaction or a movement over jagged and dense tensors. Runs as plain JavaScript; the compiler reads the same functions. */
export const defineInteraction = <
  const I extends Inputs,
  const O extends TensorLayout<any>,
  const C extends Captures = {},
  const V extends number | readonly [number, ...number[]] = number,
  const R extends Reduction | undefined = undefined,
  const X extends string = never,
>(spec: InteractionSpec<I, O, C, V, R, X>): InteractionDefinition =>
  Object.freeze({ ...spec, kind: 'interaction', captures: spec.captures ?? {} }) as unknown as InteractionDefinition
