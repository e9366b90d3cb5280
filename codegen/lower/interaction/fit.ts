import type { Interaction, InteractionProblem, InteractionProgram, KernelStep } from '../../ir/interaction/index.ts'
import type { TargetName } from '../../ir/schedule.ts'
import { targetLimits } from '../../schedule/targets.ts'
import type { Limits } from '../../schedule/types.ts'
import { nestFor } from './bind.ts'

/** A program that a target can run, and why one of its kernels had to be taken apart. */
export interface Fitted {
  readonly program: InteractionProgram
  readonly apart?: { readonly step: string; readonly why: string }
}

/** Why the default schedule cannot add up columns beside an output; undefined: it can, or there are none. */
export const refusedSums = (x: Interaction, problem: InteractionProblem, target: TargetName, limits: Limits = targetLimits[target]): string | undefined => {
  if (!x.sums) return undefined
  const nest = nestFor(target, x)
  return nest.infeasible(nest.defaults(x, problem, limits), x, problem, limits)?.message
}

/** The program itself where every kernel with sums has a loop nest on the target, else the one without sums. `problemOf`: of a step. */
export const fitProgram = (program: InteractionProgram, target: TargetName, problemOf: (x: Interaction) => InteractionProblem, limits?: Limits): Fitted => {
  for (const step of program.steps.filter((s): s is KernelStep => s.kind === 'kernel')) {
    const why = refusedSums(step.interaction, problemOf(step.interaction), target, limits)
    if (why !== undefined) return { program: program.apart!, apart: { step: step.writes, why } }
  }
  return { program }
}
