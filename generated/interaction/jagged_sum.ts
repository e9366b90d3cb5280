// serrate 0.1.0: WebGPU launcher of jagged_sum (definition 8e343ae6ae47ba4b, kernels/interaction/jagged_sum.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface JaggedSumLaunch {
  readonly tensors: { /** jagged(l, d) */ readonly x: Tensor; /** dense(b, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of l */ readonly l: Tensor }
  readonly offsetWords?: { readonly l?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly l: number }
}

const common = {
  sizes: { d: 64 },
  offsets: { l: { buffer: 'offsets_l', batch: 'batch:b' } },
  params: ['u32 batch:b', 'u32 rows:l', 'u32 offsetWords:l'],
  buffers: [{ name: 't_x' }, { name: 't_out', written: true }, { name: 'offsets_l' }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const jaggedSumKernels = [
  { ...common, file: 'wgsl/interaction/jagged_sum/jagged_sum_f32_d64.wgsl', dtype: 'f32', limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 4096 }, tensors: { x: { buffer: 't_x', bytes: 4, elements: ['rows:l', 64] }, out: { buffer: 't_out', bytes: 4, elements: ['batch:b', 64] } }, entries: [{ name: 'reduce', entryPoint: 'reduce', grid: [{ factors: ['batch:b', 64], per: 32, least: 0 }] }] },
  { ...common, file: 'wgsl/interaction/jagged_sum/jagged_sum_bf16_d64.wgsl', dtype: 'bf16', limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 8192 }, tensors: { x: { buffer: 't_x', bytes: 2, elements: ['rows:l', 64] }, out: { buffer: 't_out', bytes: 2, elements: ['batch:b', 64] } }, entries: [{ name: 'reduce', entryPoint: 'reduce', grid: [{ factors: ['batch:b', 64], per: 64, least: 0 }] }] },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const jaggedSumWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openJaggedSum = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'bf16' }, read: (file: string) => string | Promise<string>): Promise<Interaction<JaggedSumLaunch>> =>
  openInteraction(device, jaggedSumKernels, jaggedSumWinners, wanted, read)
