// serrate 0.1.0: WebGPU launcher of exclusive_cumsum (definition db69a676c8beae5d, kernels/interaction/exclusive_cumsum.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface ExclusiveCumsumLaunch {
  readonly tensors: { /** dense(b) i32 */ readonly x: Tensor; /** dense(b) i32 */ readonly out: Tensor }
  readonly batches: { readonly b: number }
}

const common = {
  dtype: 'f32',
  sizes: {},
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 4112 },
  tensors: { x: { buffer: 't_x', bytes: 4, elements: ['batch:b'] }, out: { buffer: 't_out', bytes: 4, elements: ['batch:b'] } },
  offsets: {},
  params: ['u32 elements', 'u32 batch:b'],
  buffers: [{ name: 't_x' }, { name: 't_out', written: true }, { name: 'partials', written: true }],
  entries: [{ name: 'blocks', entryPoint: 'sum_blocks', grid: [{ factors: ['batch:b'], per: 2048, least: 0 }, 1] }, { name: 'carries', entryPoint: 'sum_carries', grid: [1] }, { name: 'elements', entryPoint: 'sum_elements', grid: [{ factors: ['batch:b'], per: 2048, least: 0 }, 1] }],
  partials: [{ factors: ['batch:b'], per: 2048, least: 0 }, 2],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const exclusiveCumsumKernels = [
  { ...common, file: 'wgsl/interaction/exclusive_cumsum/exclusive_cumsum_f32.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const exclusiveCumsumWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openExclusiveCumsum = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<ExclusiveCumsumLaunch>> =>
  openInteraction(device, exclusiveCumsumKernels, exclusiveCumsumWinners, wanted, read)
