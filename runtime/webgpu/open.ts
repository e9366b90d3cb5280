import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { Device, DeviceInfo } from '../device.ts'
import { familiesOf } from '../families.ts'
import { findAdapter } from './adapter.ts'
import { createPipelines } from './compile.ts'
import { launchSeconds } from './deadline.ts'
import type { DawnToggles } from './dawn.ts'
import { chooseFeatures, type FeatureChoice, readLimits } from './features.ts'
import { runJob } from './launch.ts'
import { subgroupMatricesOf } from './matrices.ts'
import { probeSubgroups } from './probe.ts'
import { OpenDevice } from './state.ts'

export interface WebGpuOptions {
  /** Default `gpu`: a real adapter where there is one, else SwiftShader. */
  readonly prefer?: 'gpu' | 'software'
  /** Switches optional features off; absent ones are used where offered. */
  readonly features?: FeatureChoice
  /** `software: false` refuses a software adapter. */
  readonly allow?: { readonly software?: boolean }
  /** WebGPU's default limits instead of the adapter's own. */
  readonly defaultLimits?: boolean
  /** More Dawn toggles, `disable_robustness` for example. */
  readonly toggles?: DawnToggles
  /** How long one launch may take before it counts as one that never ends. Default SERRATE_LAUNCH_SECONDS, else 120. */
  readonly launchSeconds?: number
}

/** Kernels write all workgroup memory that they read; zeroing it first takes SwiftShader seven times longer to compile. */
const toggles = (more: DawnToggles = {}): DawnToggles => ({
  enable: ['allow_unsafe_apis', 'vulkan_enable_f16_on_nvidia', 'disable_workgroup_init', ...(more.enable ?? [])],
  disable: ['timestamp_quantization', ...(more.disable ?? [])],
})

/** Limits that a kernel's launches depend on; the rest stay at their defaults. */
const wanted = /^max(Storage|Buffer|Compute|Uniform|BindingsPer)/

const requestDevice = (adapter: GPUAdapter, name: string, features: readonly GPUFeatureName[], defaultLimits: boolean): Promise<GPUDevice> => {
  const limits = Object.fromEntries(Object.entries(readLimits(adapter.limits)).filter(([key]) => wanted.test(key)))
  return adapter
    .requestDevice({ requiredFeatures: [...features], ...(!defaultLimits && { requiredLimits: limits }) })
    .catch((error: Error) => fail('SR4006', { adapter: name, reason: error.message }))
}

/** Opens a WebGPU device through Dawn. Throws SR4001 to SR4006. Close it, or the process stays alive. */
export const openWebGpu = async (options: WebGpuOptions = {}): Promise<Device> => {
  const { prefer = 'gpu', allow = {}, defaultLimits = false } = options
  const { adapter, name, software } = await findAdapter(prefer, allow.software ?? true, toggles(options.toggles))
  const gpu = await requestDevice(adapter, name, chooseFeatures(adapter, options.features), defaultLimits)
  const subgroups = await probeSubgroups(gpu, adapter.info)
  const subgroupMatrices = subgroupMatricesOf(adapter, gpu.features, subgroups.size)
  const info: DeviceInfo = Object.freeze({
    target: 'wgsl',
    backend: 'webgpu',
    name,
    software,
    features: Object.freeze([...gpu.features].filter((f) => subgroups.size > 0 || f !== 'subgroups').sort()),
    limits: Object.freeze(readLimits(gpu.limits)),
    subgroupSize: subgroups.size,
    ...(subgroupMatrices.length && { subgroupMatrices }),
    ...(subgroups.reason && { subgroupNote: subgroups.reason }),
    driver: adapter.info.description,
  })
  const device = new OpenDevice(gpu, info, options.launchSeconds ?? launchSeconds())
  return {
    info,
    ...familiesOf(async (source) => {
      const pipelines = await createPipelines(device, source)
      return { run: (job) => runJob(device, source.plan, pipelines, job), dispose: () => {} }
    }),
    close: async () => device.close(),
  }
}
