import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { SubgroupMatrix } from '../../codegen/ir/plan.ts'
import type { LaunchEntry, LaunchPlan, LaunchSource } from '../launch.ts'
import { checked } from './errors.ts'
import type { OpenDevice } from './state.ts'

/** The entry points of a kernel in the order they run, ready to dispatch. */
export type Pipelines = readonly (readonly [entry: LaunchEntry, pipeline: GPUComputePipeline])[]

const checkRequires = ({ kernel, target, requires }: LaunchPlan, { info }: OpenDevice): void => {
  if (target !== 'wgsl') fail('SR4016', { kernel, target, expected: 'wgsl' })
  for (const feature of requires.features) if (!info.features.includes(feature)) fail('SR4007', { kernel, feature, device: info.name, offered: info.features.join(', ') || 'none' })
  for (const [limit, need] of Object.entries(requires.limits)) if (need > (info.limits[limit] ?? 0)) fail('SR4008', { kernel, limit, need, device: info.name, have: info.limits[limit] ?? 0 })
  const matrix = requires.subgroupMatrix
  const shapes = info.subgroupMatrices ?? []
  const shown = (s: SubgroupMatrix): string => `${s.m}x${s.n}x${s.k} on ${s.lanes} lanes`
  if (matrix && !shapes.some((s) => shown(s) === shown(matrix))) fail('SR4022', { kernel, need: shown(matrix), device: info.name, have: shapes.map(shown).join(', ') || 'none' })
  if (requires.subgroupLanes > info.subgroupSize) fail('SR4009', { kernel, need: requires.subgroupLanes, device: info.name, have: info.subgroupSize, why: info.subgroupNote ? ` (${info.subgroupNote})` : '' })
}

const bufferTypes = { read: 'read-only-storage', read_write: 'storage' } as const

const layout = (gpu: GPUDevice, plan: LaunchPlan, entry: LaunchEntry): GPUPipelineLayout => {
  const bound = plan.buffers.filter((b) => entry.name in b.uses)
  const storage = bound.map((b): GPUBindGroupLayoutEntry => ({ binding: b.binding, visibility: GPUShaderStage.COMPUTE, buffer: { type: bufferTypes[b.uses[entry.name]!] } }))
  const entries: GPUBindGroupLayoutEntry[] = [{ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' } }, ...storage]
  return gpu.createPipelineLayout({ bindGroupLayouts: [gpu.createBindGroupLayout({ entries })] })
}

const messages = async (module: GPUShaderModule): Promise<string> => {
  const { messages: all } = await module.getCompilationInfo()
  return all.filter((m) => m.type === 'error').map((m) => `${m.lineNum}:${m.linePos} ${m.message}`).join('\n')
}

/** Throws SR4007 to SR4009 for what the device lacks, SR4010 when Dawn refuses the text or the pipeline. */
export const createPipelines = async (device: OpenDevice, { text, plan }: LaunchSource): Promise<Pipelines> => {
  device.ensure('an earlier call')
  checkRequires(plan, device)
  const { gpu } = device
  const { kernel, entries } = plan
  gpu.pushErrorScope('validation')
  const module = gpu.createShaderModule({ code: text, label: kernel })
  const scope = gpu.popErrorScope()
  const reason = (await messages(module)) || (await scope)?.message
  if (reason) fail('SR4010', { kernel, reason })
  const layouts = await checked(gpu, 'SR4010', { kernel }, () => entries.map((entry) => layout(gpu, plan, entry)))
  const make = ({ name, entryPoint }: LaunchEntry, i: number) => gpu.createComputePipelineAsync({ label: `${kernel} ${name}`, layout: layouts[i]!, compute: { module, entryPoint } })
  const made = await Promise.all(entries.map(make)).catch((error: Error) => fail('SR4010', { kernel, reason: error.message }))
  return entries.map((entry, i) => [entry, made[i]!] as const)
}
