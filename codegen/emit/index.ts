import { hash } from '../ir/hash.ts'
import { type KernelManifest, type KernelSource, TILES } from '../ir/manifest.ts'
import { hashPlan, type Plan } from '../ir/plan.ts'
import { printSchedule, type TargetName } from '../ir/schedule.ts'
import { render } from './render.ts'
import { toolVersion } from './version.ts'

const entryPoints: Readonly<Record<TargetName, (kernel: string) => KernelManifest['entryPoints']>> = {
  wgsl: () => ({ tiles: 'build_tiles', attention: 'attention', merge: 'merge' }),
  cuda: (kernel) => ({ tiles: `${kernel}_build_tiles`, attention: `${kernel}_attention`, merge: `${kernel}_merge`, launcher: `serrate_${kernel}` }),
}

const TILES_THREADS = 256
const MERGE_THREADS = 128

/** Plan → source text and manifest. Pure: the same plan gives the same bytes. */
export const emitKernel = (plan: Plan): KernelSource => {
  const planHash = hashPlan(plan)
  const split = plan.schedule.values.split ?? 1
  const tilesThreads = plan.sizes.builder_threads ?? TILES_THREADS
  const all = entryPoints[plan.target](plan.kernel)
  const { merge, ...unsplit } = all
  const entry = split > 1 ? all : unsplit
  const context = {
    ...plan,
    tool: toolVersion,
    entry: { tiles: all.tiles, attention: all.attention, merge: merge!, launcher: all.launcher ?? '' },
    hashes: { definition: plan.definition.hash, plan: planHash },
    scheduleText: printSchedule(plan.schedule),
    tilesThreads,
    mergeThreads: MERGE_THREADS,
  }
  const text = render(plan.target, plan.template, context)
  const manifest: KernelManifest = {
    format: 1,
    kernel: plan.kernel,
    definition: plan.definition.name,
    target: plan.target,
    dtype: plan.dtype,
    headDim: plan.headDim,
    valueDim: plan.valueDim,
    lse: plan.lse,
    instrument: plan.instrument,
    normalizer: plan.normalizer,
    layout: plan.layout,
    tileMode: plan.tileMode,
    smScale: plan.smScale,
    schedule: plan.schedule,
    captures: plan.captures,
    params: plan.params,
    buffers: plan.buffers,
    entryPoints: entry,
    blockM: plan.sizes.block_m!,
    blockN: plan.sizes.block_n!,
    threads: { tiles: tilesThreads, attention: plan.sizes.threads!, ...(split > 1 && { merge: MERGE_THREADS }) },
    split,
    pack: plan.schedule.values.pack === 1,
    gqa: plan.schedule.values.gqa === 1,
    sharedBytes: plan.sizes.shared_bytes!,
    ...(plan.target === 'cuda' && plan.sizes.tiles_entries !== TILES.entries && { tilesEntries: plan.sizes.tiles_entries!, persistent: true }),
    ...(plan.flags.shares_list && { builders: { sequences: plan.sizes.builder_sequences!, blocks: plan.sizes.builder_blocks! } }),
    requires: plan.requires,
    hashes: { definition: plan.definition.hash, plan: planHash, source: hash(text) },
  }
  return Object.freeze({ text, manifest })
}
