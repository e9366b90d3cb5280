// serrate 0.1.0: WebGPU launcher of ranks_ascending (definition 05eb6130422dadae, kernels/interaction/ranks_ascending.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface RanksAscendingLaunch {
  readonly tensors: { /** dense(b) i32 */ readonly key: Tensor; /** dense(b) i32 */ readonly out: Tensor }
  readonly batches: { readonly b: number }
}

const common = {
  dtype: 'f32',
  sizes: {},
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 1056 },
  tensors: { key: { buffer: 't_key', bytes: 4, elements: ['batch:b'] }, out: { buffer: 't_out', bytes: 4, elements: ['batch:b'] } },
  offsets: {},
  params: ['u32 elements', 'u32 batch:b'],
  buffers: [{ name: 't_key' }, { name: 't_out', written: true }],
  entries: [{ name: 'reduce', entryPoint: 'reduce', grid: [{ of: 'batch:b', per: 8 }, 1] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const ranksAscendingKernels = [
  { ...common, file: 'wgsl/interaction/ranks_ascending/ranks_ascending_f32.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const ranksAscendingWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openRanksAscending = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<RanksAscendingLaunch>> =>
  openInteraction(device, ranksAscendingKernels, ranksAscendingWinners, wanted, read)
