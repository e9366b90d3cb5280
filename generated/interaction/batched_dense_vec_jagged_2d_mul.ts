// serrate 0.1.0: WebGPU launcher of batched_dense_vec_jagged_2d_mul (definition bf1efd773695fadf, kernels/interaction/batched_dense_vec_jagged_2d_mul.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface BatchedDenseVecJagged2dMulLaunch {
  readonly tensors: { /** dense(b, h, l) */ readonly v: Tensor; /** jagged(l, h, d) */ readonly a: Tensor; /** dense(b, h, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of l */ readonly l: Tensor }
  readonly offsetWords?: { readonly l?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly l: number }
  readonly capacities: { readonly l: number }
}

const common = {
  dtype: 'f32',
  sizes: { h: 64, d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 1056 },
  tensors: { v: { buffer: 't_v', bytes: 4, elements: ['batch:b', 64, 'capacity:l'] }, a: { buffer: 't_a', bytes: 4, elements: ['rows:l', 64, 64] }, out: { buffer: 't_out', bytes: 4, elements: ['batch:b', 64, 64] } },
  offsets: { l: { buffer: 'offsets_l', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:l', 'u32 capacity:l', 'u32 offsetWords:l'],
  buffers: [{ name: 't_v' }, { name: 't_a' }, { name: 't_out', written: true }, { name: 'offsets_l' }],
  entries: [{ name: 'reduce', entryPoint: 'reduce', grid: ['batch:b', 512] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const batchedDenseVecJagged2dMulKernels = [
  { ...common, file: 'wgsl/interaction/batched_dense_vec_jagged_2d_mul/batched_dense_vec_jagged_2d_mul_f32_h64_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const batchedDenseVecJagged2dMulWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openBatchedDenseVecJagged2dMul = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<BatchedDenseVecJagged2dMulLaunch>> =>
  openInteraction(device, batchedDenseVecJagged2dMulKernels, batchedDenseVecJagged2dMulWinners, wanted, read)
