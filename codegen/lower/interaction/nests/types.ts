import type { GridFactor, Interaction, InteractionBuffer, InteractionClass, InteractionEntry, InteractionProblem, InteractionTemplate } from '../../../ir/interaction/index.ts'
import type { SubgroupMatrix } from '../../../ir/plan.ts'
import type { TargetName } from '../../../ir/schedule.ts'
import type { Infeasible, Limits } from '../../../schedule/types.ts'
import type { Classified } from '../classify.ts'
import type { Lowering } from '../context.ts'

/** The entry that adds up the parts of sums beside the output: it reads no input. */
export const SUMS_ENTRY = 'sums'

export type ScheduleValues = Readonly<Record<string, number>>

/** What a loop nest adds to a plan: everything that its template prints beside the common parts. */
export interface BoundNest {
  /** Data of the template: sizes, flags, words, blocks' lines. Frozen and hashed as part of the plan. */
  readonly context: Readonly<Record<string, unknown>>
  /** `entryPoint` is a suffix here: the kernel's name comes before it on CUDA. */
  readonly entries: readonly InteractionEntry[]
  readonly buffers?: readonly Omit<InteractionBuffer, 'binding'>[]
  readonly partials?: readonly GridFactor[]
  /** WebGPU limits, or `sharedMemoryPerBlock` and `threadsPerBlock`. */
  readonly limits: Readonly<Record<string, number>>
  readonly architectures?: readonly string[]
  /** WebGPU features, and the subgroup matrices that the text is written for. */
  readonly features?: readonly string[]
  readonly subgroupMatrix?: SubgroupMatrix
}

/** One loop nest: its schedule's space, what makes a schedule infeasible (`reason` groups in counts), the default, and how it is bound. */
export interface LoopNest {
  readonly name: InteractionTemplate
  readonly target: TargetName
  readonly class: InteractionClass
  readonly space: Readonly<Record<string, { readonly values: readonly number[]; readonly about: string }>>
  defaults(x: Interaction, problem: InteractionProblem, limits: Limits): ScheduleValues
  infeasible(values: ScheduleValues, x: Interaction, problem: InteractionProblem, limits: Limits): Infeasible | undefined
  /** Fills the lowering with all that the text names, and gives the template its data. */
  bind(l: Lowering, values: ScheduleValues, classified: Classified): BoundNest
}
