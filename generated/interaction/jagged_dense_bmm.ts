// serrate 0.1.0: WebGPU launcher of jagged_dense_bmm (definition 5c5358e809374a72, kernels/interaction/jagged_dense_bmm.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface JaggedDenseBmmLaunch {
  readonly tensors: { /** jagged(l, d) */ readonly x: Tensor; /** dense(b, d, k) */ readonly w: Tensor; /** jagged(l, k) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of l */ readonly l: Tensor }
  readonly offsetWords?: { readonly l?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly l: number }
}

const common = {
  sizes: { d: 64, k: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxComputeWorkgroupStorageSize: 14352 },
  offsets: { l: { buffer: 'offsets_l', batch: 'batch:b' } },
  params: ['u32 batch:b', 'u32 rows:l', 'u32 offsetWords:l'],
  buffers: [{ name: 't_x' }, { name: 't_w' }, { name: 't_out', written: true }, { name: 'offsets_l' }],
  entries: [{ name: 'main', entryPoint: 'main', grid: [{ tiles: 'rows:l', batch: 'batch:b', per: 128 }] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const jaggedDenseBmmKernels = [
  { ...common, file: 'wgsl/interaction/jagged_dense_bmm/jagged_dense_bmm_f32_d64_k64.wgsl', dtype: 'f32', tensors: { x: { buffer: 't_x', bytes: 4, elements: ['rows:l', 64] }, w: { buffer: 't_w', bytes: 4, elements: ['batch:b', 64, 64] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:l', 64] } } },
  { ...common, file: 'wgsl/interaction/jagged_dense_bmm/jagged_dense_bmm_bf16_d64_k64.wgsl', dtype: 'bf16', tensors: { x: { buffer: 't_x', bytes: 2, elements: ['rows:l', 64] }, w: { buffer: 't_w', bytes: 2, elements: ['batch:b', 64, 64] }, out: { buffer: 't_out', bytes: 2, elements: ['rows:l', 64] } } },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const jaggedDenseBmmWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openJaggedDenseBmm = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'bf16' }, read: (file: string) => string | Promise<string>): Promise<Interaction<JaggedDenseBmmLaunch>> =>
  openInteraction(device, jaggedDenseBmmKernels, jaggedDenseBmmWinners, wanted, read)
