// serrate 0.1.0: WebGPU launcher of dense_sum (definition faafdb392d42f3af, kernels/interaction/dense_sum.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface DenseSumLaunch {
  readonly tensors: { /** dense(b, d) */ readonly x: Tensor; /** dense(b) */ readonly out: Tensor }
  readonly batches: { readonly b: number }
}

const common = {
  dtype: 'f32',
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 1280 },
  tensors: { x: { buffer: 't_x', bytes: 4, elements: ['batch:b', 64] }, out: { buffer: 't_out', bytes: 4, elements: ['batch:b'] } },
  offsets: {},
  params: ['u32 elements', 'u32 batch:b'],
  buffers: [{ name: 't_x' }, { name: 't_out', written: true }],
  entries: [{ name: 'reduce', entryPoint: 'reduce', grid: [{ of: 'batch:b', per: 64 }, 1] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const denseSumKernels = [
  { ...common, file: 'wgsl/interaction/dense_sum/dense_sum_f32_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const denseSumWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openDenseSum = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<DenseSumLaunch>> =>
  openInteraction(device, denseSumKernels, denseSumWinners, wanted, read)
