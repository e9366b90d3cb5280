import type { Dtype, Problem } from '../../ir/algorithm.ts'
import type { TargetName, TemplateName } from '../../ir/schedule.ts'
import type { Facts, Limits, Template } from '../types.ts'
import { cudaFma } from './cuda_fma.ts'
import { cudaMma } from './cuda_mma.ts'
import { cudaWgmma } from './cuda_wgmma.ts'
import { wgslFma } from './wgsl_fma.ts'

/** Every loop nest. */
export const templates: Readonly<Record<TemplateName, Template>> = Object.freeze({ wgsl_fma: wgslFma, cuda_fma: cudaFma, cuda_mma: cudaMma, cuda_wgmma: cudaWgmma })

/** The loop nests that can run a dtype on a target, the preferred one first. */
export const templatesFor = (target: TargetName, dtype: Dtype): readonly Template[] =>
  Object.values(templates).filter((t) => t.target === target && t.dtypes.includes(dtype))

/** The loop nest that computes a problem by default: the one made for the limits' architecture where its own default can run, else the first that asks for none. */
export const preferredTemplate = (target: TargetName, problem: Problem, facts: Facts, limits: Limits): Template | undefined => {
  const all = templatesFor(target, problem.dtype)
  const made = all.find((t) => t.architecture !== undefined && t.architecture === limits.architecture)
  return made && !made.infeasible(made.defaults(problem, facts, limits), problem, facts, limits) ? made : all.find((t) => t.architecture === undefined)
}
