// serrate 0.1.0: WebGPU launcher of concat_prefix (definition 170c15d44039ed96, kernels/interaction/concat_prefix.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Values, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface ConcatPrefixLaunch {
  readonly tensors: { /** jagged(i, d) */ readonly left: Tensor; /** jagged(j, d) */ readonly right: Tensor; /** jagged(l, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of i */ readonly i: Tensor; /** running sums of the lengths of j */ readonly j: Tensor; /** running sums of the lengths of l */ readonly l: Tensor }
  readonly offsetWords?: { readonly i?: 1 | 2; readonly j?: 1 | 2; readonly l?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly i: number; readonly j: number; readonly l: number }
  readonly captures: { /** perSequence i32 */ readonly prefix: Values<Int32Array> }
}

const common = {
  dtype: 'f32',
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { left: { buffer: 't_left', bytes: 4, elements: ['rows:i', 64] }, right: { buffer: 't_right', bytes: 4, elements: ['rows:j', 64] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:l', 64] } },
  offsets: { i: { buffer: 'offsets_i', batch: 'batch:b' }, j: { buffer: 'offsets_j', batch: 'batch:b' }, l: { buffer: 'offsets_l', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:i', 'u32 rows:j', 'u32 rows:l', 'u32 offsetWords:i', 'u32 offsetWords:j', 'u32 offsetWords:l', 'u32 base:prefix'],
  buffers: [{ name: 't_left' }, { name: 't_right' }, { name: 't_out', written: true }, { name: 'offsets_i' }, { name: 'offsets_j' }, { name: 'offsets_l' }, { name: 'captures_i32' }],
  entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 4096 }] }],
  captures: [{ name: 'prefix', dtype: 'i32', kind: 'perSequence' }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const concatPrefixKernels = [
  { ...common, file: 'wgsl/interaction/concat_prefix/concat_prefix_f32_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const concatPrefixWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openConcatPrefix = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<ConcatPrefixLaunch>> =>
  openInteraction(device, concatPrefixKernels, concatPrefixWinners, wanted, read)
