// serrate 0.1.0: WebGPU launcher of jagged2_dense_mul (definition 1a80fb43ca94b387, kernels/interaction/jagged2_dense_mul.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface Jagged2DenseMulLaunch {
  readonly tensors: { /** jagged(outer(i, j)) */ readonly x: Tensor; /** dense(i, j) */ readonly y: Tensor; /** jagged(outer(i, j)) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of i */ readonly i: Tensor; /** running sums of the lengths of j */ readonly j: Tensor; /** running sums of i * j */ readonly outer_i_j: Tensor }
  readonly offsetWords?: { readonly i?: 1 | 2; readonly j?: 1 | 2; readonly outer_i_j?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly i: number; readonly j: number; readonly outer_i_j: number }
  readonly capacities: { readonly i: number; readonly j: number }
}

const common = {
  dtype: 'f32',
  sizes: {},
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { x: { buffer: 't_x', bytes: 4, elements: ['rows:outer_i_j'] }, y: { buffer: 't_y', bytes: 4, elements: ['capacity:i', 'capacity:j'] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:outer_i_j'] } },
  offsets: { i: { buffer: 'offsets_i', batch: 'batch:b' }, j: { buffer: 'offsets_j', batch: 'batch:b' }, outer_i_j: { buffer: 'offsets_outer_i_j', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:i', 'u32 rows:j', 'u32 rows:outer_i_j', 'u32 capacity:i', 'u32 capacity:j', 'u32 offsetWords:i', 'u32 offsetWords:j', 'u32 offsetWords:outer_i_j'],
  buffers: [{ name: 't_x' }, { name: 't_y' }, { name: 't_out', written: true }, { name: 'offsets_i' }, { name: 'offsets_j' }, { name: 'offsets_outer_i_j' }],
  entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 1024 }] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const jagged2DenseMulKernels = [
  { ...common, file: 'wgsl/interaction/jagged2_dense_mul/jagged2_dense_mul_f32.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const jagged2DenseMulWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openJagged2DenseMul = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<Jagged2DenseMulLaunch>> =>
  openInteraction(device, jagged2DenseMulKernels, jagged2DenseMulWinners, wanted, read)
