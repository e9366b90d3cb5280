import { fail } from '../../ir/diagnostics/index.ts'
import { deepFreeze } from '../../ir/hash.ts'
import { hashInteraction, type Interaction, type InteractionManifest, type InteractionProblem, type InteractionSchedule, tensorAxes } from '../../ir/interaction/index.ts'
import type { TargetName } from '../../ir/schedule.ts'
import { targetLimits } from '../../schedule/targets.ts'
import type { Limits } from '../../schedule/types.ts'
import { classify, takesI32 } from './classify.ts'
import { lowering, valueType } from './context.ts'
import { loopNests } from './nests/index.ts'
import { offsets, param, tensor } from './names.ts'
import { buffers, fields } from './params.ts'
import { type LoopNest, SUMS_ENTRY } from './nests/types.ts'
import { workgroupBytes } from './nests/wgsl_common.ts'

export const nestFor = (target: TargetName, x: Interaction): LoopNest => loopNests[`${target}_${classify(x).class}`]!

export const defaultInteractionSchedule = (target: TargetName, x: Interaction, problem: InteractionProblem, limits: Limits = targetLimits[target]): InteractionSchedule => {
  const nest = nestFor(target, x)
  return { template: nest.name, values: nest.defaults(x, problem, limits) }
}

export const printInteractionSchedule = (s: InteractionSchedule): string => `${s.template} ${Object.entries(s.values).map(([k, v]) => `${k}=${v}`).join(' ')}`

const checkSizes = (x: Interaction, problem: InteractionProblem): void => {
  for (const axis of x.axes) {
    if (axis.kind !== 'dense' || axis.index || axis.like !== axis.name) continue
    const size = problem.sizes[axis.name]
    if (size === undefined || !Number.isInteger(size) || size < 0) fail('SR3010', { name: x.name, axis: axis.name, value: size ?? 'missing' })
  }
  if (problem.dtype === 'i32' && !takesI32(x)) fail('SR3011', { name: x.name })
}

/** A value that the loop nest's text is not written for, with the nearest that it is. */
const notOffered = (nest: LoopNest, given: InteractionSchedule['values']): { readonly message: string; readonly fix: string } | undefined => {
  for (const [field, { values }] of Object.entries(nest.space)) {
    const value = given[field]!
    if (values.includes(value)) continue
    const nearest = values.reduce((best, v) => (Math.abs(v - value) < Math.abs(best - value) ? v : best))
    return { message: `${field}=${value} is none of ${values.join(', ')}`, fix: `Try ${field}=${nearest}.` }
  }
  return undefined
}

/** Why a loop nest cannot run a schedule that has all of its fields; undefined where it can. */
export const refusedSchedule = (nest: LoopNest, values: InteractionSchedule['values'], x: Interaction, problem: InteractionProblem, limits: Limits): { readonly message: string; readonly fix: string } | undefined =>
  notOffered(nest, values) ?? nest.infeasible(values, x, problem, limits)

const checkSchedule = (nest: LoopNest, s: InteractionSchedule, x: Interaction, problem: InteractionProblem, limits: Limits): void => {
  const known = Object.keys(nest.space)
  for (const [field, value] of Object.entries(s.values)) if (!known.includes(field)) fail('SR3006', { template: nest.name, field, value, known: known.join(', ') })
  for (const field of known) if (!(field in s.values)) fail('SR3006', { template: nest.name, field, value: 'missing', known: known.join(', ') })
  const why = refusedSchedule(nest, s.values, x, problem, limits)
  if (why) fail('SR3001', { schedule: printInteractionSchedule(s), kernel: x.name, message: why.message, fix: why.fix })
}

/** `jagged_dense_bmm_bf16_d128_k64`. */
export const interactionKernelName = (x: Interaction, { dtype, sizes, precision }: InteractionProblem): string => {
  const own = x.axes.filter((a) => a.kind === 'dense' && !a.index && a.like === a.name)
  return [x.name, dtype, ...own.map((a) => `${a.name.toLowerCase()}${sizes[a.name]}`), ...(precision === 'tf32' ? ['tf32'] : [])].join('_')
}

/** How a buffer's words are typed in the text: the kernel's element, f32, i32 or u32. */
const bufferType = (x: Interaction, name: string): 'element' | 'f32' | 'i32' | 'u32' => {
  if (name === tensor('out')) return x.output.dtype
  const made = x.sums?.find((s) => tensor(s.output.tensor) === name)
  if (made) return made.output.dtype
  const read = x.inputs.find((t) => tensor(t.tensor) === name)
  if (read) return read.dtype
  return name === 'captures_i32' ? 'i32' : name === 'captures_f32' || name === 'partials' ? 'f32' : 'u32'
}

/** What `emitInteraction` takes. Throws SR3001, SR3004, SR3006, SR3010 or SR3011 naming what does not hold. */
export const bindInteraction = (x: Interaction, problem: InteractionProblem, schedule: InteractionSchedule, given?: Limits) => {
  const nest = loopNests[schedule.template]!
  const limits = given ?? targetLimits[nest.target]
  checkSizes(x, problem)
  checkSchedule(nest, schedule, x, problem, limits)
  const classified = classify(x)
  const l = lowering(x, problem, nest.target)
  const bound = nest.bind(l, schedule.values, classified)
  const kernel = interactionKernelName(x, problem)
  const all = buffers(l, bound.entries.map((e) => e.name).filter((name) => name !== SUMS_ENTRY), bound.buffers)
  const used = Math.max(...bound.entries.map((e) => all.filter((b) => b.entries.includes(e.name)).length))
  if (nest.target === 'wgsl' && used > limits.storageBuffers) fail('SR3004', { kernel, need: used, names: all.map((b) => b.name).join(', '), limit: limits.storageBuffers })
  const manifest: Omit<InteractionManifest, 'hashes'> = {
    format: 1, family: 'interaction', kernel, definition: x.name, class: classified.class, target: nest.target, dtype: problem.dtype, sizes: problem.sizes,
    axes: x.axes.map((a) => ({ name: a.name, kind: a.kind, like: a.like, ...(a.batch && { batch: a.batch }), indexed: a.index !== undefined })),
    inputs: x.inputs, output: x.output, ...(x.sums && { sums: x.sums.map((s) => s.output) }), captures: x.captures, segments: [...l.segments.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    params: fields(l), buffers: all,
    entries: bound.entries.map((e) => ({ ...e, entryPoint: nest.target === 'cuda' ? `${kernel}_${e.entryPoint}` : e.entryPoint })),
    ...(nest.target === 'cuda' && { launcher: `serrate_${kernel}` }), ...(bound.partials && { partials: bound.partials }),
    schedule, requires: { features: bound.features ?? [], limits: nest.target === 'wgsl' ? { ...bound.limits, maxComputeWorkgroupStorageSize: workgroupBytes(Math.max(...bound.entries.map((e) => e.sharedBytes))) } : bound.limits, subgroupLanes: bound.subgroupMatrix?.lanes ?? 0, ...(bound.subgroupMatrix && { subgroupMatrix: bound.subgroupMatrix }), architectures: bound.architectures ?? (nest.target === 'cuda' ? ['sm_80'] : []) },
  }
  const context = {
    ...bound.context,
    name: x.name, dtype: problem.dtype, batch: l.batch ?? '', bits: l.bits, elementType: valueType(l, 'f32'),
    functions: [...l.functions.values()].map((f) => ({ ...f, text: f.span?.text ?? '', where: f.span ? `${f.span.file}:${f.span.line}` : '' })),
    sequence: [...l.fields.values()].map((f) => ({ ...f, offsets: offsets(f.segment), words: param.offsetWords(f.segment), rows: param.rows(f.segment) })),
    tensors: all.filter((b) => b.name.startsWith('t_')).map((b) => ({ ...b, kind: bufferType(x, b.name) })),
    buffers: all.map((b) => ({ ...b, type: bufferType(x, b.name) })),
    tables: x.captures.filter((c) => c.kind === 'table' && l.sources.has(`base:${c.name}`)),
    rank: tensorAxes(x.output).length,
  }
  return deepFreeze({ manifest, definitionHash: hashInteraction(x), place: `${x.span.file}:${x.span.line}`, scheduleText: printInteractionSchedule(schedule), context })
}
