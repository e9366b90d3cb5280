import { analyseMask } from '../analyse/index.ts'
import { type Algorithm, hashAlgorithm, partsOf, type Problem, valueDimOf } from '../ir/algorithm.ts'
import { fail } from '../ir/diagnostics/index.ts'
import { deepFreeze } from '../ir/hash.ts'
import type { Plan } from '../ir/plan.ts'
import { printSchedule, type Schedule, type TargetName } from '../ir/schedule.ts'
import { targetLimits } from '../schedule/targets.ts'
import { templates } from '../schedule/templates/index.ts'
import type { Facts, Limits } from '../schedule/types.ts'
import { bufferFields } from './buffers.ts'
import { checkNames, paramFields, seqFields } from './captures.ts'
import { cudaDialect } from './cuda-dialect.ts'
import { helperFlags, printFunctions } from './functions.ts'
import type { Dialect } from './printer.ts'
import { isSilu } from './two-scores.ts'
import { wgslDialect } from './wgsl-dialect.ts'

/** The Hopper loop nest has registers to spare and no branch a pair. */
const dialects: Readonly<Record<TargetName, (algorithm: Algorithm, template: string) => Dialect>> = {
  wgsl: (a) => wgslDialect(a.captures),
  cuda: (a, template) => cudaDialect(a.captures, template !== 'cuda_wgmma'),
}

export interface BindOptions {
  readonly limits?: Limits
  readonly instrument?: boolean
}

const dims = (problem: Problem): string => (valueDimOf(problem) === problem.headDim ? `d${problem.headDim}` : `d${problem.headDim}x${problem.valueDim}`)
const paths = ({ values: v }: Schedule): string => `${v.subgroups ? '_subgroups' : ''}${v.pack ? '_packed' : ''}${v.gqa ? '_grouped' : ''}${(v.split ?? 1) > 1 ? `_split${v.split}` : ''}`

/** `${definition}_${dtype}_d${headDim}`, and what else tells it from its siblings. */
export const kernelName = (algorithm: Algorithm, problem: Problem, schedule: Schedule, instrument = false): string =>
  `${algorithm.name}_${problem.dtype}_${dims(problem)}${paths(schedule)}${instrument ? '_counted' : ''}`

const buffersOf = (algorithm: Algorithm, problem: Problem, { values: v }: Schedule, instrument: boolean) =>
  bufferFields({ captures: algorithm.captures, lse: problem.lse, instrument, pack: v.pack === 1, split: (v.split ?? 1) > 1 })

/** What scheduling must know of an algorithm. */
export const factsOf = (algorithm: Algorithm, problem: Problem, schedule?: Schedule): Facts => ({
  tileMode: analyseMask(algorithm).mode,
  normalizer: algorithm.normalizer.kind,
  silu: partsOf(algorithm).every((p) => p.kind === 'pointwise' && isSilu(p.activation.body)),
  scored: algorithm.scoreMod !== undefined || algorithm.normalizer.kind !== 'softmax',
  buffers: buffersOf(algorithm, problem, schedule ?? { template: 'wgsl_fma', values: {} }, false).filter((b) => b.entries.includes('attention')).length,
})

const checkSchedule = (algorithm: Algorithm, problem: Problem, schedule: Schedule, facts: Facts, limits: Limits): void => {
  const template = templates[schedule.template]
  const kernel = kernelName(algorithm, problem, schedule)
  const known = Object.keys(template.space)
  for (const [field, value] of Object.entries(schedule.values)) if (!known.includes(field)) fail('SR3006', { template: template.name, field, value, known: known.join(', ') })
  for (const field of known) if (!(field in schedule.values)) fail('SR3006', { template: template.name, field, value: 'missing', known: known.join(', ') })
  for (const [field, { values }] of Object.entries(template.space)) if (Math.max(...values) === 1 && schedule.values[field]! > 1) fail('SR3008', { template: template.name, field, value: schedule.values[field]! })
  if (!template.dtypes.includes(problem.dtype)) fail('SR3002', { target: template.target, dtype: problem.dtype, known: template.dtypes.join(', ') })
  const why = template.infeasible(schedule, problem, facts, limits)
  if (why) fail('SR3001', { schedule: printSchedule(schedule), kernel, message: why.message, fix: why.fix })
  if (facts.buffers > limits.storageBuffers) {
    const names = buffersOf(algorithm, problem, schedule, false).filter((b) => b.entries.includes('attention')).map((b) => b.name).join(', ')
    fail('SR3004', { kernel, need: facts.buffers, names, limit: limits.storageBuffers })
  }
}

/** Algorithm × Problem × Schedule → Plan: every number decided, every hook printed. Throws SR3xxx naming the limit that does not hold. */
export const bind = (algorithm: Algorithm, problem: Problem, schedule: Schedule, options: BindOptions = {}): Plan => {
  const template = templates[schedule.template]
  const limits = options.limits ?? targetLimits[template.target]
  const instrument = options.instrument ?? false
  const facts = factsOf(algorithm, problem, schedule)
  checkNames(algorithm.captures)
  if (problem.lse && algorithm.normalizer.kind === 'pointwise') fail('SR3007', { kernel: algorithm.name })
  checkSchedule(algorithm, problem, schedule, facts, limits)
  const analysis = analyseMask(algorithm)
  const hopper = template.name === 'cuda_wgmma'
  const functions = printFunctions(algorithm, analysis, dialects[template.target](algorithm, template.name), { pairs: hopper, tanh: schedule.values.tanh === 1, plain: hopper && schedule.values.pack !== 1 })
  const smScale = algorithm.smScale.kind === 'capture' ? algorithm.smScale.name : undefined
  const numbers = template.numbers(schedule, problem, algorithm, facts)
  return deepFreeze<Plan>({
    format: 1,
    kernel: kernelName(algorithm, problem, schedule, instrument),
    definition: { name: algorithm.name, hash: hashAlgorithm(algorithm), span: algorithm.span },
    target: template.target,
    template: template.name,
    dtype: problem.dtype,
    headDim: problem.headDim,
    valueDim: valueDimOf(problem),
    lse: problem.lse,
    instrument,
    schedule,
    tileMode: analysis.mode,
    normalizer: algorithm.normalizer.kind,
    smScale: algorithm.smScale,
    layout: algorithm.layout,
    captures: algorithm.captures,
    params: paramFields(algorithm.captures, smScale),
    buffers: buffersOf(algorithm, problem, schedule, instrument),
    seqFields: seqFields(algorithm.captures, template.target, smScale),
    functions,
    sizes: { ...numbers.sizes, threads: numbers.threads, block_m: numbers.blockM, block_n: numbers.blockN, shared_bytes: numbers.sharedBytes },
    flags: { ...numbers.flags, ...helperFlags(functions) },
    words: numbers.words,
    requires: numbers.requires,
  })
}
