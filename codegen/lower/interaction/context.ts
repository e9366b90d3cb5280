import type { Expr, ScalarType, Span } from '../../ir/hook.ts'
import { type Interaction, type InteractionProblem, type Segment, tensorAxes } from '../../ir/interaction/index.ts'
import type { TargetName } from '../../ir/schedule.ts'
import { axisOf } from '../../ir/interaction/index.ts'
import { isMove } from './classify.ts'
import { param } from './names.ts'
import { targetTexts, type TargetText } from './text.ts'

/** The author's function, or a derived one, as a pure function of the leaves it reads. */
export interface PrintedElementFunction {
  readonly name: string
  readonly parameters: readonly { readonly name: string; readonly type: string }[]
  /** CUDA: `params` comes first, for tables. */
  readonly tables: boolean
  readonly type: string
  readonly lines: readonly string[]
  readonly result: string
  readonly span?: Span
}

/** A field of `Seq`, loaded once a sequence: where it begins in a segment, or its length along an axis. */
export interface SequenceField { readonly name: string; readonly kind: 'first' | 'len'; readonly segment: string }

/** What all blocks of one kernel collect: functions, fields, the parameters and buffers that their text names. */
export interface Lowering {
  readonly x: Interaction
  readonly problem: InteractionProblem
  readonly text: TargetText
  /** WGSL movement: values are bits (u32), so that NaN and infinities survive. */
  readonly bits: boolean
  /** The batch axis that is walked; null where no tensor has one. */
  readonly batch: string | null
  /** Jagged axes that are walked to a capacity rather than to a length: those of a dense output. */
  readonly padded: ReadonlySet<string>
  readonly functions: Map<string, PrintedElementFunction>
  readonly fields: Map<string, SequenceField>
  readonly segments: Map<string, Segment>
  /** Names of launch parameters (`source`). */
  readonly sources: Set<string>
  /** Input tensors and captures that the text reads. */
  readonly tensors: Set<string>
}

const walkedBatch = (x: Interaction): string | null =>
  x.axes.find((a) => a.kind === 'batch' && !a.index)?.name ?? null

/** Bits are carried where no value changes its type on the way. */
const carriesBits = (x: Interaction, { dtype }: InteractionProblem, target: TargetName): boolean => {
  if (!isMove(x) || x.output.dtype === 'i32' || dtype === 'i32') return target === 'wgsl' && isMove(x)
  const same = [...x.inputs.filter((t) => t.dtype !== 'i32'), x.output].every((t) => t.dtype === 'element' || t.dtype === dtype)
  return same && (target === 'wgsl' || x.captures.every((c) => c.kind !== 'perSequence' || c.dtype === 'i32'))
}

export const lowering = (x: Interaction, problem: InteractionProblem, target: TargetName): Lowering => ({
  x, problem, text: targetTexts[target], bits: carriesBits(x, problem, target), batch: walkedBatch(x),
  padded: new Set(x.output.storage === 'dense' ? tensorAxes(x.output).filter((a) => axisOf(x, a).kind === 'jagged') : []),
  functions: new Map(), fields: new Map(), segments: new Map(), sources: new Set(), tensors: new Set(),
})

/** The target's type of an expression's value. */
export const valueType = (l: Lowering, type: ScalarType): string => (type === 'f32' && l.bits ? 'u32' : type === 'f32' && l.problem.dtype === 'i32' ? l.text.types.i32 : l.text.types[type])

/** Size of a dense axis known when the kernel is made. */
export const staticSize = (l: Lowering, axis: string): number | undefined => {
  const owner = axisOf(l.x, axis).like
  return axisOf(l.x, owner).index ? undefined : l.problem.sizes[owner]
}

/** The launch parameter that has the size of a dense axis which no kernel knows: entries of an indexed axis, or sequences. */
export const dynamicSize = (l: Lowering, axis: string): { readonly source: string; readonly name: string } => {
  const { like } = axisOf(l.x, axis)
  return axisOf(l.x, like).kind === 'batch' ? { source: `batch:${like}`, name: param.batch(like) } : { source: `size:${like}`, name: param.size(like) }
}

export const isLeaf = (e: Expr): boolean => e.kind === 'param' || e.kind === 'capture'
