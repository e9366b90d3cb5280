import { analyseMask } from '../codegen/analyse/index.ts'
import { defaultProblem } from '../codegen/compile.ts'
import { type Algorithm, type Dtype } from '../codegen/ir/algorithm.ts'
import type { AttentionLayout } from '../codegen/ir/layout.ts'
import type { TargetName } from '../codegen/ir/schedule.ts'
import { factsOf } from '../codegen/lower/bind.ts'
import { targetLimits, targetNames } from '../codegen/schedule/targets.ts'
import { templatesFor } from '../codegen/schedule/templates/index.ts'
import type { Limits, Template } from '../codegen/schedule/types.ts'
import { dtypes } from './options.ts'
import { nameOf } from './where.ts'

/** Fields of a schedule that choose another path through the keys or the work list. */
const pathFields = ['pack', 'split', 'order', 'gqa'] as const
export type SchedulePath = (typeof pathFields)[number]

const DIM = 64
const offered: Readonly<Record<TargetName, Limits>> = { ...targetLimits, wgsl: { ...targetLimits.wgsl, features: ['shader-f16', 'subgroups'], subgroupSize: 32 } }

const takes = (template: Template, algorithm: Algorithm, dtype: Dtype, field: SchedulePath): boolean => {
  const { queries, sharedKeys } = algorithm.layout
  if (field === 'pack' && (queries !== 'self' || sharedKeys)) return false
  const problem = defaultProblem(algorithm, dtype, DIM)
  const limits = offered[template.target]
  const facts = factsOf(algorithm, problem)
  const usual = template.defaults(problem, facts, limits)
  const values = template.space[field]?.values.filter((v) => v > (field === 'split' ? 1 : 0)) ?? []
  return values.some((value) => {
    const schedule = { ...usual, values: { ...usual.values, [field]: value } }
    const needs = factsOf(algorithm, problem, schedule)
    return needs.buffers <= limits.storageBuffers && template.infeasible(schedule, problem, needs, limits) === null
  })
}

/** Dtypes that a target computes, and the paths that some schedule of it takes where a launch lies as the operator says. */
const onTarget = (algorithm: Algorithm, target: TargetName) => {
  const computed = dtypes.filter((dtype) => templatesFor(target, dtype).length > 0)
  const paths = pathFields.filter((field) => computed.some((dtype) => templatesFor(target, dtype).some((t) => takes(t, algorithm, dtype, field))))
  return { dtypes: computed, templates: [...new Set(computed.flatMap((d) => templatesFor(target, d).map((t) => t.name)))], paths }
}

export const layoutText = ({ queries, align, sharedKeys }: AttentionLayout): string => [nameOf(queries), ...(align === 'end' ? ['end'] : []), ...(sharedKeys ? ['shared keys'] : [])].join(', ')

/** What a definition can run as: its own layout, how tiles are walked, and dtypes and paths of each target. */
export const operatorOf = (algorithm: Algorithm) => ({
  layout: algorithm.layout,
  tileMode: analyseMask(algorithm).mode,
  targets: Object.fromEntries(targetNames.map((target) => [target, onTarget(algorithm, target)])) as Readonly<Record<TargetName, ReturnType<typeof onTarget>>>,
})

/** The paths of each target, once where they are the same. */
export const pathsText = (targets: ReturnType<typeof operatorOf>['targets']): string => {
  const texts = targetNames.map((t) => [t, targets[t].paths.join(' ') || 'none'] as const)
  return texts.every(([, text]) => text === texts[0]![1]) ? texts[0]![1] : texts.map(([t, text]) => `${t}: ${text}`).join('; ')
}
