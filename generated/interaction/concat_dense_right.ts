// serrate 0.1.0: WebGPU launcher of concat_dense_right (definition b1f1fd79fcbdb42e, kernels/interaction/concat_dense_right.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface ConcatDenseRightLaunch {
  readonly tensors: { /** jagged(i, d) */ readonly left: Tensor; /** dense(b, p, d) */ readonly right: Tensor; /** jagged(l, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of i */ readonly i: Tensor; /** running sums of the lengths of l */ readonly l: Tensor }
  readonly offsetWords?: { readonly i?: 1 | 2; readonly l?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly i: number; readonly l: number }
  readonly sizes: { readonly p: number }
}

const common = {
  dtype: 'f32',
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { left: { buffer: 't_left', bytes: 4, elements: ['rows:i', 64] }, right: { buffer: 't_right', bytes: 4, elements: ['batch:b', 'size:p', 64] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:l', 64] } },
  offsets: { i: { buffer: 'offsets_i', batch: 'batch:b' }, l: { buffer: 'offsets_l', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:i', 'u32 rows:l', 'u32 size:p', 'u32 offsetWords:i', 'u32 offsetWords:l'],
  buffers: [{ name: 't_left' }, { name: 't_right' }, { name: 't_out', written: true }, { name: 'offsets_i' }, { name: 'offsets_l' }],
  entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 4096 }] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const concatDenseRightKernels = [
  { ...common, file: 'wgsl/interaction/concat_dense_right/concat_dense_right_f32_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const concatDenseRightWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openConcatDenseRight = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<ConcatDenseRightLaunch>> =>
  openInteraction(device, concatDenseRightKernels, concatDenseRightWinners, wanted, read)
