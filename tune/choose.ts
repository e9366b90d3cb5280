import type { Algorithm, Problem } from '../codegen/ir/algorithm.ts'
import { type Diagnostic, diagnostic } from '../codegen/ir/diagnostics/index.ts'
import type { Schedule } from '../codegen/ir/schedule.ts'
import { factsOf } from '../codegen/lower/bind.ts'
import { templatesFor } from '../codegen/schedule/templates/index.ts'
import type { DeviceInfo } from '../runtime/device.ts'
import { tuningKey } from './key.ts'
import { limitsOf } from './limits.ts'
import { keyHash, lookupWinner } from './winners.ts'

export interface Chosen {
  /** A recorded winner's schedule; absent: use the default. */
  readonly schedule?: Schedule
  readonly warnings: readonly Diagnostic[]
}

/** The recorded winner for a problem, if there is one that this device and this version of the loop nest can still run; else a miss, with a warning where an entry was passed over. */
export const chooseSchedule = (path: string, facts: { readonly algorithm: Algorithm; readonly problem: Problem; readonly heads: number; readonly info: DeviceInfo; readonly lengths: readonly number[] }): Chosen => {
  const { algorithm, problem, info } = facts
  const [template] = templatesFor(info.target, problem.dtype)
  if (!template) return { warnings: [] }
  const key = tuningKey({ ...facts, template: template.name })
  const { winner, warnings } = lookupWinner(path, key)
  if (!winner) return { warnings }
  const miss = (reason: string): Chosen => ({ warnings: [...warnings, diagnostic('SR7002', { path, entry: keyHash(key), reason })] })
  const fields = Object.keys(winner.schedule.values).sort().join(', ')
  const known = Object.keys(template.space).sort().join(', ')
  if (fields !== known) return miss(`its schedule has the fields ${fields}; ${template.name} now has ${known}`)
  const why = template.infeasible(winner.schedule, problem, factsOf(algorithm, problem), limitsOf(info))
  return why ? miss(`its schedule cannot run here (${why.message})`) : { schedule: winner.schedule, warnings }
}
