import type { Problem } from '../../codegen/ir/algorithm.ts'
import type { Schedule } from '../../codegen/ir/schedule.ts'
import type { Facts, Limits, Template } from '../../codegen/schedule/types.ts'
import { drawer } from './draw.ts'
import { type Path, pathFields } from './paths.ts'

const TRIES = 2000

/** A feasible point of the template's space drawn from `pick`, on a path where the template has it and the problem allows it; the default (and not `drawn`) where none came up. */
export const drawSchedule = (template: Template, problem: Problem, facts: Facts, limits: Limits, pick: number, path: Path = 'plain'): { schedule: Schedule; drawn: boolean } => {
  const draw = drawer(pick)
  const fields = Object.entries(template.space)
  const find = (wanted: Path): Schedule | undefined => {
    for (let i = 0; i < TRIES; i++) {
      const pinned = pathFields[wanted](draw)
      const values = Object.fromEntries(fields.map(([name, { values: all }]) => [name, pinned[name] !== undefined && all.includes(pinned[name]) ? pinned[name] : all[draw(all.length)]!]))
      const schedule: Schedule = { template: template.name, values }
      if (!template.infeasible(schedule, problem, facts, limits)) return schedule
    }
    return undefined
  }
  const schedule = find(path) ?? (path === 'plain' ? undefined : find('plain'))
  return schedule ? { schedule, drawn: true } : { schedule: template.defaults(problem, facts, limits), drawn: false }
}
