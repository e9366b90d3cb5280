import { compileInteraction } from './compile-interaction.ts'
import type { Interaction, InteractionProblem, InteractionSchedule, InteractionSource } from './ir/interaction/index.ts'
import { printSchedule, type TargetName } from './ir/schedule.ts'
import { defaultInteractionSchedule, nestFor } from './lower/interaction/bind.ts'
import type { LoopNest } from './lower/interaction/nests/types.ts'
import type { Limits, Space as AnySpace } from './schedule/types.ts'

/** The space of one kernel: `points` counts every combination of values; each is a candidate or counted under the reason why not. */
export type InteractionSpace = AnySpace<InteractionSchedule>

/** A space of more points is searched around the default alone: schedules of up to two other fields. */
const WHOLE = 1000
const FIELDS = 2

type Values = InteractionSchedule['values']

/** How far a point is from the default: fields that differ, then steps along their values. */
interface Distance { readonly fields: number; readonly steps: number }

const stepsBetween = (values: readonly number[], from: number, to: number): number => {
  const place = (v: number): number => { const at = values.findIndex((k) => k >= v); return at < 0 ? values.length : at }
  return Math.max(1, Math.abs(place(to) - place(from)))
}

/** Points within `most` fields of the default, each with its distance. */
const pointsOf = (nest: LoopNest, usual: Values, most: number): readonly { readonly values: Values; readonly distance: Distance }[] => {
  const found: { values: Values; distance: Distance }[] = []
  const fields = Object.entries(nest.space)
  const walk = (at: number, values: Values, { fields: n, steps }: Distance): void => {
    const field = fields[at]
    if (!field) { found.push({ values, distance: { fields: n, steps } }); return }
    const [name, { values: all }] = field
    const own = usual[name]!
    walk(at + 1, { ...values, [name]: own }, { fields: n, steps })
    if (n < most) for (const value of all) if (value !== own) walk(at + 1, { ...values, [name]: value }, { fields: n + 1, steps: steps + stepsBetween(all, own, value) })
  }
  walk(0, {}, { fields: 0, steps: 0 })
  return found
}

const statement = (line: string): boolean => line.trim() !== '' && !line.trimStart().startsWith('//')
/** All that a device sees of a kernel: its statements, and how they are launched. */
const launched = ({ text, manifest: { entries, partials, params, schedule } }: InteractionSource): string =>
  JSON.stringify([text.split('\n').filter(statement), entries, partials ?? [], params.some((p) => p.source === 'parts') ? schedule.values.parts : 0])

/**
 * The schedules of a kernel that are worth trying, the default first and then by how far they are from it: of those that give one and the same kernel the first. A small space whole; of a
 * large one what differs from the default in two fields at most.
 */
export const interactionSpace = (target: TargetName, x: Interaction, problem: InteractionProblem, limits: Limits): InteractionSpace => {
  const nest = nestFor(target, x)
  const usual = defaultInteractionSchedule(target, x, problem, limits)
  const points = Object.values(nest.space).reduce((n, { values }) => n * values.length, 1)
  const near = [...pointsOf(nest, usual.values, points <= WHOLE ? Infinity : FIELDS)].sort((a, b) => a.distance.fields - b.distance.fields || a.distance.steps - b.distance.steps)
  const infeasible: Record<string, number> = {}
  const count = (reason: string, n = 1): void => { infeasible[reason] = (infeasible[reason] ?? 0) + n }
  const seen = new Set<string>()
  const feasible = near.flatMap(({ values }, i): readonly InteractionSchedule[] => {
    const schedule: InteractionSchedule = Object.freeze({ template: nest.name, values: Object.freeze(values) })
    const why = i ? nest.infeasible(values, x, problem, limits) : undefined
    if (why) { count(why.reason); return [] }
    const kernel = identity(x, problem, { target, schedule, limits })
    if (seen.has(kernel)) { count('redundant'); return [] }
    seen.add(kernel)
    return [schedule]
  })
  const outside = Math.max(0, points - near.length)
  if (outside) count(`more than ${FIELDS} fields from the default`, outside)
  return Object.freeze({ points: near.length + outside, feasible: Object.freeze(feasible), infeasible: Object.freeze(infeasible) })
}

/** What is launched; of a schedule that does not compile itself, so that a search says why. */
const identity = (x: Interaction, problem: InteractionProblem, options: { readonly target: TargetName; readonly schedule: InteractionSchedule; readonly limits: Limits }): string => {
  try {
    return launched(compileInteraction(x, problem, options))
  } catch {
    return printSchedule(options.schedule)
  }
}
