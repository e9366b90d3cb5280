// serrate 0.1.0: WebGPU launcher of concat_dense_left (definition d075f28b6d7c496e, kernels/interaction/concat_dense_left.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface ConcatDenseLeftLaunch {
  readonly tensors: { /** dense(b, p, d) */ readonly left: Tensor; /** jagged(j, d) */ readonly right: Tensor; /** jagged(l, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of j */ readonly j: Tensor; /** running sums of the lengths of l */ readonly l: Tensor }
  readonly offsetWords?: { readonly j?: 1 | 2; readonly l?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly j: number; readonly l: number }
  readonly sizes: { readonly p: number }
}

const common = {
  dtype: 'f32',
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { left: { buffer: 't_left', bytes: 4, elements: ['batch:b', 'size:p', 64] }, right: { buffer: 't_right', bytes: 4, elements: ['rows:j', 64] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:l', 64] } },
  offsets: { j: { buffer: 'offsets_j', batch: 'batch:b' }, l: { buffer: 'offsets_l', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:j', 'u32 rows:l', 'u32 size:p', 'u32 offsetWords:j', 'u32 offsetWords:l'],
  buffers: [{ name: 't_left' }, { name: 't_right' }, { name: 't_out', written: true }, { name: 'offsets_j' }, { name: 'offsets_l' }],
  entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 4096 }] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const concatDenseLeftKernels = [
  { ...common, file: 'wgsl/interaction/concat_dense_left/concat_dense_left_f32_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const concatDenseLeftWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openConcatDenseLeft = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<ConcatDenseLeftLaunch>> =>
  openInteraction(device, concatDenseLeftKernels, concatDenseLeftWinners, wanted, read)
