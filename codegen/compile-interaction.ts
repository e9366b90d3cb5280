import { emitInteraction, type InteractionPlan } from './emit/interaction.ts'
import type { Interaction, InteractionProblem, InteractionSchedule, InteractionSource } from './ir/interaction/index.ts'
import type { TargetName } from './ir/schedule.ts'
import { bindInteraction, defaultInteractionSchedule } from './lower/interaction/bind.ts'
import { targetLimits } from './schedule/targets.ts'
import type { Limits } from './schedule/types.ts'

export interface CompileInteractionOptions {
  readonly target: TargetName
  /** Default: the loop nest's own default for these limits. */
  readonly schedule?: InteractionSchedule
  /** Default: what the target guarantees. */
  readonly limits?: Limits
}

/** Interaction → Plan. Throws SR30xx. */
export const planInteraction = (x: Interaction, problem: InteractionProblem, { target, schedule, limits = targetLimits[target] }: CompileInteractionOptions): InteractionPlan =>
  bindInteraction(x, problem, schedule ?? defaultInteractionSchedule(target, x, problem, limits), limits)

/** Interaction → source text and manifest. */
export const compileInteraction = (x: Interaction, problem: InteractionProblem, options: CompileInteractionOptions): InteractionSource => emitInteraction(planInteraction(x, problem, options))
