import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { KernelManifest, KernelSource } from '../../codegen/ir/manifest.ts'
import type { BufferField, EntryName } from '../../codegen/ir/plan.ts'
import { checked } from './errors.ts'
import type { OpenDevice } from './state.ts'

/** The entry points of a kernel in the order they run, ready to dispatch. */
export type Pipelines = readonly (readonly [entry: EntryName, pipeline: GPUComputePipeline])[]

/** `merge` only where keys are split. */
const entriesOf = ({ entryPoints }: KernelManifest): readonly EntryName[] => ['tiles', 'attention', ...(entryPoints.merge === undefined ? [] : (['merge'] as const))]

const checkRequires = ({ kernel, target, requires }: KernelManifest, { info }: OpenDevice): void => {
  if (target !== 'wgsl') fail('SR4016', { kernel, target, expected: 'wgsl' })
  for (const feature of requires.features) if (!info.features.includes(feature)) fail('SR4007', { kernel, feature, device: info.name, offered: info.features.join(', ') || 'none' })
  for (const [limit, need] of Object.entries(requires.limits)) if (need > (info.limits[limit] ?? 0)) fail('SR4008', { kernel, limit, need, device: info.name, have: info.limits[limit] ?? 0 })
  if (requires.subgroupLanes > info.subgroupSize) fail('SR4009', { kernel, need: requires.subgroupLanes, device: info.name, have: info.subgroupSize, why: info.subgroupNote ? ` (${info.subgroupNote})` : '' })
}

/** The tile builder writes the tile list; merge reads it and the partial results. */
const writes = ({ name, access }: BufferField, entry: EntryName): boolean =>
  name === 'tiles' ? entry === 'tiles' || (entry === 'attention' && access === 'read_write') : access === 'read_write' && !(entry === 'merge' && name === 'partials')

const layout = (gpu: GPUDevice, manifest: KernelManifest, entry: EntryName): GPUPipelineLayout => {
  const storage = manifest.buffers.filter((b) => b.entries.includes(entry)).map((b): GPUBindGroupLayoutEntry => {
    const written = writes(b, entry)
    return { binding: b.binding, visibility: GPUShaderStage.COMPUTE, buffer: { type: written ? 'storage' : 'read-only-storage' } }
  })
  const entries: GPUBindGroupLayoutEntry[] = [{ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' } }, ...storage]
  return gpu.createPipelineLayout({ bindGroupLayouts: [gpu.createBindGroupLayout({ entries })] })
}

const messages = async (module: GPUShaderModule): Promise<string> => {
  const { messages: all } = await module.getCompilationInfo()
  return all.filter((m) => m.type === 'error').map((m) => `${m.lineNum}:${m.linePos} ${m.message}`).join('\n')
}

/** Throws SR4007 to SR4009 for what the device lacks, SR4010 when Dawn refuses the text or the pipeline. */
export const createPipelines = async (device: OpenDevice, { text, manifest }: KernelSource): Promise<Pipelines> => {
  device.ensure('an earlier call')
  checkRequires(manifest, device)
  const { gpu } = device
  const { kernel } = manifest
  gpu.pushErrorScope('validation')
  const module = gpu.createShaderModule({ code: text, label: kernel })
  const scope = gpu.popErrorScope()
  const reason = (await messages(module)) || (await scope)?.message
  if (reason) fail('SR4010', { kernel, reason })
  const entries = entriesOf(manifest)
  const layouts = await checked(gpu, 'SR4010', { kernel }, () => entries.map((entry) => layout(gpu, manifest, entry)))
  const make = (entry: EntryName, i: number) => gpu.createComputePipelineAsync({ label: `${kernel} ${entry}`, layout: layouts[i]!, compute: { module, entryPoint: manifest.entryPoints[entry]! } })
  const made = await Promise.all(entries.map(make)).catch((error: Error) => fail('SR4010', { kernel, reason: error.message }))
  return entries.map((entry, i) => [entry, made[i]!] as const)
}
