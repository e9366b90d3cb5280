import type { Problem } from '../../codegen/ir/algorithm.ts'
import type { Schedule } from '../../codegen/ir/schedule.ts'
import type { Facts, Limits, Template } from '../../codegen/schedule/types.ts'
import { drawer } from './sources.ts'

const TRIES = 200

/** A feasible point of the template's space drawn from `pick`; the default (and `missed`) where none came up. */
export const drawSchedule = (template: Template, problem: Problem, facts: Facts, limits: Limits, pick: number): { schedule: Schedule; drawn: boolean } => {
  const draw = drawer(pick)
  for (let i = 0; i < TRIES; i++) {
    const values = Object.fromEntries(Object.entries(template.space).map(([name, field]) => [name, field.values[draw(field.values.length)]!]))
    const schedule: Schedule = { template: template.name, values }
    if (!template.infeasible(schedule, problem, facts, limits)) return { schedule, drawn: true }
  }
  return { schedule: template.defaults(problem, facts, limits), drawn: false }
}
