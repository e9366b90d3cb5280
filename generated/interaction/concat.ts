// serrate 0.1.0: WebGPU launcher of concat (definition 2f388e1ec29deb62, kernels/interaction/concat.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface ConcatLaunch {
  readonly tensors: { /** jagged(i, d) */ readonly left: Tensor; /** jagged(j, d) */ readonly right: Tensor; /** jagged(l, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of i */ readonly i: Tensor; /** running sums of the lengths of j */ readonly j: Tensor; /** running sums of the lengths of l */ readonly l: Tensor }
  readonly offsetWords?: { readonly i?: 1 | 2; readonly j?: 1 | 2; readonly l?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly i: number; readonly j: number; readonly l: number }
}

const common = {
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  offsets: { i: { buffer: 'offsets_i', batch: 'batch:b' }, j: { buffer: 'offsets_j', batch: 'batch:b' }, l: { buffer: 'offsets_l', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:i', 'u32 rows:j', 'u32 rows:l', 'u32 offsetWords:i', 'u32 offsetWords:j', 'u32 offsetWords:l'],
  buffers: [{ name: 't_left' }, { name: 't_right' }, { name: 't_out', written: true }, { name: 'offsets_i' }, { name: 'offsets_j' }, { name: 'offsets_l' }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const concatKernels = [
  { ...common, file: 'wgsl/interaction/concat/concat_f32_d64.wgsl', dtype: 'f32', tensors: { left: { buffer: 't_left', bytes: 4, elements: ['rows:i', 64] }, right: { buffer: 't_right', bytes: 4, elements: ['rows:j', 64] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:l', 64] } }, entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 4096 }] }] },
  { ...common, file: 'wgsl/interaction/concat/concat_bf16_d64.wgsl', dtype: 'bf16', tensors: { left: { buffer: 't_left', bytes: 2, elements: ['rows:i', 64] }, right: { buffer: 't_right', bytes: 2, elements: ['rows:j', 64] }, out: { buffer: 't_out', bytes: 2, elements: ['rows:l', 64] } }, entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 8192 }] }] },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const concatWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openConcat = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'bf16' }, read: (file: string) => string | Promise<string>): Promise<Interaction<ConcatLaunch>> =>
  openInteraction(device, concatKernels, concatWinners, wanted, read)
