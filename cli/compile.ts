import { compileKernel, defaultProblem, defaultSchedule, planKernel } from '../codegen/compile.ts'
import type { Algorithm, Dtype, Problem } from '../codegen/ir/algorithm.ts'
import type { KernelSource } from '../codegen/ir/manifest.ts'
import type { Plan } from '../codegen/ir/plan.ts'
import type { Schedule } from '../codegen/ir/schedule.ts'
import { factsOf } from '../codegen/lower/bind.ts'
import { targetLimits } from '../codegen/schedule/targets.ts'
import { templates, templatesFor } from '../codegen/schedule/templates/index.ts'
import { applyRules, type Decision, type ShapeFacts } from '../codegen/schedule/rules.ts'
import type { Limits } from '../codegen/schedule/types.ts'
import type { SourceTarget } from './options.ts'

export interface Wanted {
  readonly target: SourceTarget
  readonly dtype: Dtype
  readonly dim: number
  /** Of v and out; default dim. */
  readonly valueDim?: number
  /** Replaces fields of the default schedule. */
  readonly schedule?: Readonly<Record<string, number>>
  /** WGSL source for devices whose subgroups the default schedule may use. */
  readonly subgroups?: boolean
  /** Shapes of the launch, which choose packing, splitting and order; absent: the loop nest's defaults. */
  readonly shape?: ShapeFacts
  /** CUDA source for this architecture alone; absent: for every one. */
  readonly architecture?: string
  /** False: a softmax kernel that writes no lse. */
  readonly lse?: boolean
}

/** What a kernel is specialised for. */
export const problemOf = (algorithm: Algorithm, { dtype, dim, valueDim = dim, lse = true }: Pick<Wanted, 'dtype' | 'dim' | 'valueDim' | 'lse'>): Problem => {
  const usual = defaultProblem(algorithm, dtype, dim)
  return { ...usual, lse: usual.lse && lse, ...(valueDim !== dim && { valueDim }) }
}

/** Source is emitted for what it asks of a device: f16 and subgroups count as offered where the text to emit needs them. */
export const emitLimits = ({ target, dtype, schedule, subgroups: offered, architecture }: Wanted): Limits => {
  const base = targetLimits[target]
  if (target !== 'wgsl') return { ...base, ...(architecture && { architecture }) }
  const subgroups = offered || (schedule?.subgroups ?? 0) > 0
  return { ...base, features: [...(dtype === 'f16' ? ['shader-f16'] : []), ...(subgroups ? ['subgroups'] : [])], subgroupSize: subgroups ? 32 : 0 }
}

/** The default schedule for these limits with the given fields replaced: of the loop nest that has the fields, where the usual one does not. */
export const decideSchedule = (algorithm: Algorithm, wanted: Wanted, limits: Limits): { readonly schedule: Schedule; readonly decisions: readonly Decision[] } => {
  const problem = problemOf(algorithm, wanted)
  const usual = defaultSchedule(wanted.target, algorithm, problem, limits)
  const fields = Object.keys(wanted.schedule ?? {})
  const other = [templates[usual.template], ...templatesFor(wanted.target, wanted.dtype)].find((t) => fields.every((f) => f in t.space))
  const base = other && other.name !== usual.template ? other.defaults(problem, factsOf(algorithm, problem), limits) : usual
  const schedule = { ...base, values: { ...base.values, ...wanted.schedule } }
  const facts = factsOf(algorithm, problem, schedule)
  const { shape } = wanted
  if (!shape || templates[schedule.template].infeasible(schedule, problem, facts, limits)) return { schedule, decisions: [] }
  return applyRules(templates[schedule.template], schedule, shape, { algorithm, problem, facts, limits, fixed: fields })
}

export const chooseSchedule = (algorithm: Algorithm, wanted: Wanted, limits: Limits): Schedule => decideSchedule(algorithm, wanted, limits).schedule

const prepared = (algorithm: Algorithm, wanted: Wanted) => {
  const limits = emitLimits(wanted)
  return [algorithm, problemOf(algorithm, wanted), { target: wanted.target, limits, schedule: chooseSchedule(algorithm, wanted, limits) }] as const
}

export const planFor = (algorithm: Algorithm, wanted: Wanted): Plan => planKernel(...prepared(algorithm, wanted))
/** What the shape of a launch decides of the schedule. */
export const decisionsFor = (algorithm: Algorithm, wanted: Wanted): readonly Decision[] => decideSchedule(algorithm, wanted, emitLimits(wanted)).decisions
export const sourceFor = (algorithm: Algorithm, wanted: Wanted): KernelSource => compileKernel(...prepared(algorithm, wanted))
