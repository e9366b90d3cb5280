import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { InteractionSource } from '../../codegen/ir/interaction/manifest.ts'
import type { KernelSource } from '../../codegen/ir/manifest.ts'
import type { CompiledInteraction, CompiledKernel, Device, DeviceInfo } from '../device.ts'
import { asAttention, asInteraction, attentionSource, interactionSource } from '../families.ts'
import type { Launchable, LaunchSource } from '../launch.ts'
import { type Builder, buildKernels, buildRunner } from './build.ts'
import { openCache } from './cache.ts'
import { POLICIES, type Policy } from './job.ts'
import { openKernel } from './kernel.ts'
import { requireFits } from './limits.ts'
import { inGroups } from './groups.ts'
import { ORDER, orderFrom } from './order.ts'
import { prune } from './prune.ts'
import { defaultCacheDir, findToolchain } from './toolchain.ts'

export { POLICIES, type Policy } from './job.ts'

export interface CudaCpuOptions {
  /** Where compiled kernels are kept; default $SERRATE_CACHE, else the user's cache folder. */
  readonly cacheDir?: string
  /** The order in which threads run; default SERRATE_CUDA_CPU_ORDER (POLICY or POLICY:SEED), else `in-order`. */
  readonly policy?: Policy
  readonly seed?: number
  /** False: no race, bounds or initialisation checks, about twice as fast. */
  readonly checks?: boolean
  /** Seconds a job may take before that is a finding; default 120. */
  readonly timeLimit?: number
}

export interface CudaCpuDevice extends Device {
  /** Compiles kernels several at a time, in groups that share a translation unit. */
  compileMany(kernels: readonly KernelSource[]): Promise<readonly CompiledKernel[]>
  /** As `compileMany`. */
  compileInteractions(sources: readonly InteractionSource[]): Promise<readonly CompiledInteraction[]>
}

const infoOf = (compiler: string, checks: boolean, policy: Policy, seed: number): DeviceInfo => ({
  target: 'cuda',
  backend: 'cuda-cpu',
  name: `CUDA on the CPU (${compiler}${checks ? ', checked' : ''})`,
  software: true,
  features: [],
  limits: { sharedMemoryPerBlock: 232448, threadsPerBlock: 1024 },
  subgroupSize: 32,
  capability: '8.0',
  ...(policy !== 'in-order' && { environment: { [ORDER]: `${policy}:${seed}` } }),
})

/**
 * Runs CUDA sources on the CPU: g++ compiles them, a process a kernel runs them block by block and reports races, accesses outside a
 * buffer or the block's shared memory, uninitialised shared reads and barriers that not all threads reach. Throws SR4501, SR4503, SR4504.
 */
export const openCudaCpu = async (options: CudaCpuOptions = {}): Promise<CudaCpuDevice> => {
  const usual = orderFrom(process.env)
  const { cacheDir = defaultCacheDir(), policy = usual.policy, seed = usual.seed, checks = true, timeLimit = 120 } = options
  if (!POLICIES.includes(policy)) fail('SR4506', { policy, known: POLICIES.join(', ') })
  const toolchain = await findToolchain()
  await openCache(cacheDir)
  await prune(cacheDir)
  const builder: Builder = { toolchain, cacheDir, checks }
  const program = await buildRunner(builder)
  const info = infoOf(toolchain.name, checks, policy, seed)
  const open: Launchable[] = []
  let closed = false
  const load = async (sources: readonly LaunchSource[]): Promise<readonly Launchable[]> => {
    if (closed) fail('SR4018', { device: info.name })
    for (const { plan } of sources) requireFits(plan, info)
    const built = await inGroups(sources, (group) => buildKernels(builder, group))
    const compiled = sources.map(({ plan }, i) => openKernel(program, built[i]!, plan, { policy, seed, checks, timeLimit }))
    open.push(...compiled)
    return compiled
  }
  const compileMany = async (kernels: readonly KernelSource[]): Promise<readonly CompiledKernel[]> =>
    (await load(kernels.map(attentionSource))).map((l, i) => asAttention(l, kernels[i]!.manifest))
  const compileInteractions = async (sources: readonly InteractionSource[]): Promise<readonly CompiledInteraction[]> =>
    (await load(sources.map(interactionSource))).map((l, i) => asInteraction(l, sources[i]!.manifest))
  return {
    info,
    compileMany,
    compileInteractions,
    compile: async (kernel) => (await compileMany([kernel]))[0]!,
    compileInteraction: async (source) => (await compileInteractions([source]))[0]!,
    close: async () => {
      closed = true
      for (const kernel of open) kernel.dispose()
    },
  }
}
