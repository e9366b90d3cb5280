import type { Problem } from '../ir/algorithm.ts'
import { printSchedule, type Schedule } from '../ir/schedule.ts'
import type { Facts, Infeasible, Limits, Space as SpaceOf, Template } from './types.ts'

export type Space = SpaceOf<Schedule>

/** Every combination of the values of the fields that are tuned, the last field fastest. */
export function* spacePoints(template: Template): Generator<Schedule> {
  const fields = Object.entries(template.space)
  const walk = function* (at: number, values: Readonly<Record<string, number>>): Generator<Schedule> {
    const field = fields[at]
    if (!field) return yield Object.freeze({ template: template.name, values: Object.freeze(values) })
    for (const value of field[1].tuned === false ? field[1].values.slice(0, 1) : field[1].values) yield* walk(at + 1, { ...values, [field[0]]: value })
  }
  yield* walk(0, {})
}

/** Asks the template about every point; a schedule that it refuses is counted, never dropped without a reason. */
export const enumerateSpace = (template: Template, problem: Problem, facts: Facts, limits: Limits): Space => {
  const feasible: Schedule[] = []
  const infeasible: Record<string, number> = {}
  let points = 0
  for (const schedule of spacePoints(template)) {
    points++
    const why: Infeasible | null = template.infeasible(schedule, problem, facts, limits)
    if (why) infeasible[why.reason] = (infeasible[why.reason] ?? 0) + 1
    else feasible.push(schedule)
  }
  return Object.freeze({ points, feasible: Object.freeze(feasible), infeasible: Object.freeze(infeasible) })
}

/** Candidates in the order a tuner should try them: the default, then by the template's cost, equal costs by their printed form. */
export const orderCandidates = (template: Template, space: Space, problem: Problem, limits: Limits, first: Schedule): readonly Schedule[] => {
  const head = printSchedule(canonical(template, first))
  const rest = space.feasible
    .map((schedule) => ({ schedule, cost: template.cost(schedule, problem, limits), text: printSchedule(schedule) }))
    .filter(({ text }) => text !== head)
    .sort((a, b) => a.cost - b.cost || (a.text < b.text ? -1 : 1))
  return Object.freeze([canonical(template, first), ...rest.map(({ schedule }) => schedule)])
}

/** The same schedule with its fields in the order the template declares them, so that equal schedules print equally. */
export const canonical = (template: Template, schedule: Schedule): Schedule => {
  const known = Object.keys(template.space).filter((name) => name in schedule.values)
  const extra = Object.keys(schedule.values).filter((name) => !(name in template.space))
  return Object.freeze({ template: schedule.template, values: Object.freeze(Object.fromEntries([...known, ...extra].map((name) => [name, schedule.values[name]!]))) })
}

const count = (n: number): string => n.toLocaleString('en-US')

/** "1,152 points, 850 infeasible: workgroup memory 812, divisibility 38", the commonest reason first. */
export const printSpace = ({ points, infeasible }: Pick<Space, 'points' | 'infeasible'>): string => {
  const reasons = Object.entries(infeasible).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  const refused = reasons.reduce((sum, [, n]) => sum + n, 0)
  return `${count(points)} point${points === 1 ? '' : 's'}, ${refused === 0 ? 'all feasible' : `${count(refused)} infeasible: ${reasons.map(([reason, n]) => `${reason} ${count(n)}`).join(', ')}`}`
}
