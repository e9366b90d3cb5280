import { compileInteraction, planInteraction } from '../../codegen/compile-interaction.ts'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { InteractionPlan } from '../../codegen/emit/interaction.ts'
import type { Interaction, InteractionProblem, InteractionSchedule, InteractionSource } from '../../codegen/ir/interaction/index.ts'
import { defaultInteractionSchedule } from '../../codegen/lower/interaction/bind.ts'
import { classify } from '../../codegen/lower/interaction/index.ts'
import { sharedMemoryOf, targetLimits } from '../../codegen/schedule/targets.ts'
import type { Limits } from '../../codegen/schedule/types.ts'
import type { ElementDtype, SourceTarget } from '../options.ts'
import { suggestion } from '../suggest.ts'

/** Of a dense axis that nothing is said of. */
export const SIZE = 64

export interface WantedInteraction {
  readonly target: SourceTarget
  readonly dtype: ElementDtype
  /** Of each dense axis of the definition: `sizesOf`. */
  readonly sizes: Readonly<Record<string, number>>
  readonly precision?: 'ieee' | 'tf32'
  /** Replaces fields of the default schedule. */
  readonly schedule?: Readonly<Record<string, number>>
  /** CUDA source for this architecture alone; absent: for every one. */
  readonly architecture?: string
}

/** Dense axes whose size a kernel is made for. */
export const sizedAxes = (x: Interaction): readonly string[] => x.axes.filter((a) => a.kind === 'dense' && !a.index && a.like === a.name).map((a) => a.name)

const checkSizeNames = (x: Interaction, given: Readonly<Record<string, number>>, known: readonly string[], option: string): void => {
  const unknown = Object.keys(given).find((axis) => !known.includes(axis))
  if (unknown) fail('SR8062', { option, axis: unknown, name: x.name, suggestion: suggestion(unknown, known), known: known.join(', ') || 'none' })
}

/** Sizes of dense axes as they are given, those with an index map among them. Throws SR8062 for an axis that is none. */
export const allSizesOf = (x: Interaction, given: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> => {
  checkSizeNames(x, given, x.axes.filter((a) => a.kind === 'dense' && a.like === a.name).map((a) => a.name), '--sizes')
  return given
}

/** The same, and numbers of sequences, which a file may not say. */
export const countsOf = (x: Interaction, given: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> => {
  checkSizeNames(x, given, x.axes.filter((a) => a.kind !== 'jagged' && a.like === a.name).map((a) => a.name), '--sizes')
  return given
}

/** A size for each of them. Throws SR8062 for an axis that is none. */
export const sizesOf = (x: Interaction, given: Readonly<Record<string, number>> = {}, option = '--sizes'): Readonly<Record<string, number>> => {
  const known = sizedAxes(x)
  checkSizeNames(x, given, known, option)
  return Object.fromEntries(known.map((axis) => [axis, given[axis] ?? SIZE]))
}

/** Throws SR8060 where f32 products of a matrix are not what the kernel computes. */
export const checkPrecision = (x: Interaction, dtype: ElementDtype, precision: 'ieee' | 'tf32'): void => {
  const { class: kind } = classify(x)
  if (precision === 'tf32' && (kind !== 'contraction' || dtype !== 'f32')) fail('SR8060', { option: '--precision tf32', name: x.name, family: kind === 'contraction' ? `asked for in ${dtype}` : `a ${kind}`, known: '--target, --dtype, --sizes, --schedule' })
}

/** Of the definition, or of a step of its gradient: sizes by the axes that both have, and tf32 only where a step has products. */
export const problemOf = (x: Interaction, { dtype, sizes, precision }: Pick<WantedInteraction, 'dtype' | 'sizes' | 'precision'>): InteractionProblem => ({
  dtype,
  sizes: Object.fromEntries(sizedAxes(x).map((axis) => [axis, sizes[axis] ?? SIZE])),
  ...(precision === 'tf32' && classify(x).class === 'contraction' && { precision }),
})

/** What a source is made for where no device is asked. */
export const limitsFor = ({ target, dtype, architecture }: Pick<WantedInteraction, 'target' | 'dtype' | 'architecture'>): Limits => ({
  ...targetLimits[target],
  ...(target === 'wgsl' && dtype === 'f16' && { features: ['shader-f16'] }),
  ...(target === 'cuda' && architecture && { architecture, sharedMemory: sharedMemoryOf[architecture] ?? targetLimits.cuda.sharedMemory }),
})

const scheduleFor = (x: Interaction, problem: InteractionProblem, { target, schedule }: WantedInteraction, limits: Limits): InteractionSchedule => {
  const usual = defaultInteractionSchedule(target, x, problem, limits)
  return schedule ? { ...usual, values: { ...usual.values, ...schedule } } : usual
}

const prepared = (x: Interaction, wanted: WantedInteraction, limits: Limits) => {
  const problem = problemOf(x, wanted)
  return [x, problem, { target: wanted.target, limits, schedule: scheduleFor(x, problem, wanted, limits) }] as const
}

export const interactionPlan = (x: Interaction, wanted: WantedInteraction, limits: Limits = limitsFor(wanted)): InteractionPlan => planInteraction(...prepared(x, wanted, limits))
/** For what the target guarantees, or for the limits of a device. */
export const interactionSource = (x: Interaction, wanted: WantedInteraction, limits: Limits = limitsFor(wanted)): InteractionSource => compileInteraction(...prepared(x, wanted, limits))
