import { type Diagnostic, diagnostic } from '../../codegen/ir/diagnostics/index.ts'
import type { Interaction, InteractionProblem, InteractionSchedule } from '../../codegen/ir/interaction/index.ts'
import { nestFor, refusedSchedule } from '../../codegen/lower/interaction/bind.ts'
import type { Limits } from '../../codegen/schedule/types.ts'
import { limitsOf } from '../limits.ts'
import type { InteractionWinner } from '../records.ts'
import { interactionKey, type InteractionKeyFacts } from './tune.ts'
import { interactionWinners } from './winners.ts'

export interface ChosenInteraction {
  /** Absent: use the default schedule. */
  readonly schedule?: InteractionSchedule
  readonly winner?: InteractionWinner
  /** The file that has it. */
  readonly path?: string
  readonly warnings: readonly Diagnostic[]
}

/** Why a recorded schedule cannot be used for a kernel under these limits; undefined where it can. */
export const whyInteractionUnusable = ({ schedule }: Pick<InteractionWinner, 'schedule'>, x: Interaction, problem: InteractionProblem, target: InteractionWinner['key']['target'], limits: Limits): string | undefined => {
  const nest = nestFor(target, x)
  if (nest.name !== schedule.template) return `its schedule is of ${schedule.template}, and the kernel is of ${nest.name}`
  const fields = Object.keys(schedule.values).sort().join(', ')
  const known = Object.keys(nest.space).sort().join(', ')
  if (fields !== known) return `its schedule has the fields ${fields}; ${nest.name} now has ${known}`
  const why = refusedSchedule(nest, schedule.values, x, problem, limits)
  return why ? `its schedule cannot run here (${why.message})` : undefined
}

/** The recorded winner for a kernel in the first file that has one that can still run; else a miss, with a warning where an entry was passed over. */
export const chooseInteractionSchedule = (paths: readonly string[], facts: InteractionKeyFacts): ChosenInteraction => {
  const key = interactionKey(facts)
  const warnings: Diagnostic[] = []
  for (const path of paths) {
    const { winner, warnings: seen } = interactionWinners.lookup(path, key)
    warnings.push(...seen)
    const reason = winner && whyInteractionUnusable(winner, facts.x, facts.problem, facts.info.target, limitsOf(facts.info))
    if (reason) warnings.push(diagnostic('SR7002', { path, entry: interactionWinners.keyHash(key), reason }))
    else if (winner) return { schedule: winner.schedule, winner, path, warnings }
  }
  return { warnings }
}
