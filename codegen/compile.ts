import { emitKernel } from './emit/index.ts'
import type { Algorithm, Problem } from './ir/algorithm.ts'
import { fail } from './ir/diagnostics/index.ts'
import type { KernelSource } from './ir/manifest.ts'
import type { Plan } from './ir/plan.ts'
import type { Schedule, TargetName } from './ir/schedule.ts'
import { bind, factsOf } from './lower/bind.ts'
import { targetLimits } from './schedule/targets.ts'
import { preferredTemplate } from './schedule/templates/index.ts'
import type { Limits } from './schedule/types.ts'

export interface CompileOptions {
  readonly target: TargetName
  /** Default: the template's own default for these limits. */
  readonly schedule?: Schedule
  /** Default: what the target guarantees. */
  readonly limits?: Limits
  readonly instrument?: boolean
}

/** The schedule used when none is given. Throws SR3002 where no loop nest computes the dtype. */
export const defaultSchedule = (target: TargetName, algorithm: Algorithm, problem: Problem, limits: Limits = targetLimits[target]): Schedule => {
  const facts = factsOf(algorithm, problem)
  const template = preferredTemplate(target, problem, facts, limits)
  return template ? template.defaults(problem, facts, limits) : fail('SR3002', { target, dtype: problem.dtype, known: 'f32, f16, bf16' })
}

/** Algorithm → Plan with the given or the default schedule. */
export const planKernel = (algorithm: Algorithm, problem: Problem, options: CompileOptions): Plan =>
  bind(algorithm, problem, options.schedule ?? defaultSchedule(options.target, algorithm, problem, options.limits), options)

/** Algorithm → source text and manifest. */
export const compileKernel = (algorithm: Algorithm, problem: Problem, options: CompileOptions): KernelSource => emitKernel(planKernel(algorithm, problem, options))

/** lse goes with softmax: normalizers that are pointwise in all heads have none. */
export const defaultProblem = (algorithm: Algorithm, dtype: Problem['dtype'], headDim: number): Problem => ({ dtype, headDim, lse: algorithm.normalizer.kind !== 'pointwise' })
