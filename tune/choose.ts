import type { Algorithm, Problem } from '../codegen/ir/algorithm.ts'
import { type Diagnostic, diagnostic } from '../codegen/ir/diagnostics/index.ts'
import type { Schedule } from '../codegen/ir/schedule.ts'
import { factsOf } from '../codegen/lower/bind.ts'
import { preferredTemplate, templates } from '../codegen/schedule/templates/index.ts'
import type { Limits } from '../codegen/schedule/types.ts'
import type { DeviceInfo } from '../runtime/device.ts'
import { tuningKey } from './key.ts'
import { limitsOf } from './limits.ts'
import type { Winner } from './records.ts'
import { keyHash, lookupWinner } from './winners.ts'

export interface Chosen {
  /** A recorded winner's schedule; absent: use the default. */
  readonly schedule?: Schedule
  readonly warnings: readonly Diagnostic[]
}

/** Why a recorded schedule cannot be used for a problem under these limits; undefined where it can. */
export const whyUnusable = ({ schedule }: Pick<Winner, 'schedule'>, algorithm: Algorithm, problem: Problem, limits: Limits): string | undefined => {
  const template = templates[schedule.template]
  const fields = Object.keys(schedule.values).sort().join(', ')
  const known = Object.keys(template.space).sort().join(', ')
  if (fields !== known) return `its schedule has the fields ${fields}; ${template.name} now has ${known}`
  const why = template.infeasible(schedule, problem, factsOf(algorithm, problem), limits)
  return why ? `its schedule cannot run here (${why.message})` : undefined
}

/** The recorded winner for a problem, if there is one that this device and this version of the loop nest can still run; else a miss, with a warning where an entry was passed over. */
export const chooseSchedule = (path: string, facts: { readonly algorithm: Algorithm; readonly problem: Problem; readonly heads: number; readonly info: DeviceInfo; readonly lengths: readonly number[] }): Chosen => {
  const { algorithm, problem, info } = facts
  const template = preferredTemplate(info.target, problem, factsOf(algorithm, problem), limitsOf(info))
  if (!template) return { warnings: [] }
  const key = tuningKey({ ...facts, template: template.name })
  const { winner, warnings } = lookupWinner(path, key)
  if (!winner) return { warnings }
  const reason = whyUnusable(winner, algorithm, problem, limitsOf(info))
  return reason ? { warnings: [...warnings, diagnostic('SR7002', { path, entry: keyHash(key), reason })] } : { schedule: winner.schedule, warnings }
}
