import { hash } from '../ir/hash.ts'
import { type KernelManifest, type KernelSource, TILES } from '../ir/manifest.ts'
import { hashPlan, type Plan } from '../ir/plan.ts'
import { printSchedule, type TargetName } from '../ir/schedule.ts'
import { render } from './render.ts'
import { toolVersion } from './version.ts'

const entryPoints: Readonly<Record<TargetName, (kernel: string) => KernelManifest['entryPoints']>> = {
  wgsl: () => ({ tiles: 'build_tiles', attention: 'attention' }),
  cuda: (kernel) => ({ tiles: `${kernel}_build_tiles`, attention: `${kernel}_attention`, launcher: `serrate_${kernel}` }),
}

const TILES_THREADS = 256

/** Plan → source text and manifest. Pure: the same plan gives the same bytes. */
export const emitKernel = (plan: Plan): KernelSource => {
  const planHash = hashPlan(plan)
  const entry = entryPoints[plan.target](plan.kernel)
  const context = {
    ...plan,
    tool: toolVersion,
    entry: { tiles: entry.tiles, attention: entry.attention, launcher: entry.launcher ?? '' },
    hashes: { definition: plan.definition.hash, plan: planHash },
    scheduleText: printSchedule(plan.schedule),
    tilesThreads: TILES_THREADS,
  }
  const text = render(plan.target, plan.template, context)
  const manifest: KernelManifest = {
    format: 1,
    kernel: plan.kernel,
    definition: plan.definition.name,
    target: plan.target,
    dtype: plan.dtype,
    headDim: plan.headDim,
    lse: plan.lse,
    instrument: plan.instrument,
    normalizer: plan.normalizer,
    tileMode: plan.tileMode,
    smScale: plan.smScale,
    schedule: plan.schedule,
    captures: plan.captures,
    params: plan.params,
    buffers: plan.buffers,
    entryPoints: entry,
    blockM: plan.sizes.block_m!,
    blockN: plan.sizes.block_n!,
    threads: { tiles: TILES_THREADS, attention: plan.sizes.threads! },
    sharedBytes: plan.sizes.shared_bytes!,
    ...(plan.target === 'cuda' && plan.sizes.tiles_entries !== TILES.entries && { tilesEntries: plan.sizes.tiles_entries!, persistent: true }),
    requires: plan.requires,
    hashes: { definition: plan.definition.hash, plan: planHash, source: hash(text) },
  }
  return Object.freeze({ text, manifest })
}
