import type { InteractionManifest, InteractionSource } from '../codegen/ir/interaction/manifest.ts'
import { builderBlocks, type KernelManifest, type KernelSource } from '../codegen/ir/manifest.ts'
import type { BufferField, EntryName } from '../codegen/ir/plan.ts'
import type { CompiledInteraction, CompiledKernel, InteractionJob, Job, JobResult } from './device.ts'
import type { Access, Launchable, LaunchEntry, LaunchJob, LaunchPlan, LaunchSource } from './launch.ts'

/** The tile builder writes the tile list; merge reads it and the partial results. */
const attentionAccess = ({ name, access }: BufferField, entry: EntryName): Access => {
  const written = name === 'tiles' ? entry === 'tiles' || (entry === 'attention' && access === 'read_write') : access === 'read_write' && !(entry === 'merge' && name === 'partials')
  return written ? 'read_write' : 'read'
}

/** Attention and merge have as many as it found tiles. */
const attentionEntries = ({ entryPoints, threads, sharedBytes, persistent }: KernelManifest): readonly LaunchEntry[] => [
  { name: 'tiles', entryPoint: entryPoints.tiles, threads: threads.tiles, sharedBytes },
  { name: 'attention', entryPoint: entryPoints.attention, threads: threads.attention, sharedBytes, indirect: 'tiles', ...(persistent && { persistent: 1 }) },
  ...(entryPoints.merge === undefined ? [] : [{ name: 'merge', entryPoint: entryPoints.merge, threads: threads.merge!, sharedBytes: 0, indirect: 'tiles' }]),
]

const attentionPlan = (m: KernelManifest): LaunchPlan => ({
  kernel: m.kernel, target: m.target, params: m.params, requires: m.requires, entries: attentionEntries(m),
  buffers: m.buffers.map((b) => ({ name: b.name, binding: b.binding, uses: Object.fromEntries(b.entries.map((e) => [e, attentionAccess(b, e)])) })),
  ...(m.entryPoints.launcher !== undefined && { launcher: m.entryPoints.launcher }),
})

const attentionJob = (manifest: KernelManifest, { buffers, params, outputs, timing, maxTiles, gridHeads }: Job): LaunchJob => {
  const { split, entryPoints, headDim } = manifest
  const groups = maxTiles * gridHeads * split
  return {
    buffers, params, outputs, ...(timing && { timing }),
    grids: [builderBlocks(manifest, params.num_sequences!), groups, ...(entryPoints.merge === undefined ? [] : [groups])], count: maxTiles,
    shape: `${params.num_rows} rows in ${params.num_sequences} sequences, ${params.num_heads} heads, head dim ${headDim}`,
  }
}

const interactionPlan = (m: InteractionManifest): LaunchPlan => ({
  kernel: m.kernel, target: m.target, params: m.params, requires: m.requires, entries: m.entries,
  buffers: m.buffers.map((b) => ({ name: b.name, binding: b.binding, uses: Object.fromEntries(b.entries.map((e) => [e, b.access])) })),
  ...(m.launcher !== undefined && { launcher: m.launcher }),
})

/** Multiprocessors that a launcher is told of where the device has none to count. */
const MULTIPROCESSORS = 4

const interactionJob = ({ params: fields }: InteractionManifest, { buffers, params, grids, outputs, timing }: InteractionJob): LaunchJob => ({
  buffers, params, grids, outputs, ...(timing && { timing }), count: MULTIPROCESSORS,
  shape: fields.map(({ name }) => `${name} ${params[name]}`).join(', '),
})

export const attentionSource = ({ text, manifest }: KernelSource): LaunchSource => ({ text, plan: attentionPlan(manifest) })
export const interactionSource = ({ text, manifest }: InteractionSource): LaunchSource => ({ text, plan: interactionPlan(manifest) })

export const asAttention = (launchable: Launchable, manifest: KernelManifest): CompiledKernel => ({
  run: (job) => launchable.run(attentionJob(manifest, job)) as Promise<JobResult>,
  dispose: () => launchable.dispose(),
})
export const asInteraction = (launchable: Launchable, manifest: InteractionManifest): CompiledInteraction => ({
  run: (job) => launchable.run(interactionJob(manifest, job)),
  dispose: () => launchable.dispose(),
})

export interface Families {
  compile(kernel: KernelSource): Promise<CompiledKernel>
  compileInteraction(source: InteractionSource): Promise<CompiledInteraction>
}

/** Both families over one way to compile. */
export const familiesOf = (load: (source: LaunchSource) => Promise<Launchable>): Families => ({
  compile: async (kernel) => asAttention(await load(attentionSource(kernel)), kernel.manifest),
  compileInteraction: async (source) => asInteraction(await load(interactionSource(source)), source.manifest),
})
