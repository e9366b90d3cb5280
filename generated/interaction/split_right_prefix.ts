// serrate 0.1.0: WebGPU launcher of split_right_prefix (definition a39a159167a7b734, kernels/interaction/split_right_prefix.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Values, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface SplitRightPrefixLaunch {
  readonly tensors: { /** jagged(m, d) */ readonly x: Tensor; /** jagged(l, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of l */ readonly l: Tensor; /** running sums of the lengths of m */ readonly m: Tensor }
  readonly offsetWords?: { readonly l?: 1 | 2; readonly m?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly l: number; readonly m: number }
  readonly captures: { /** perSequence i32 */ readonly start: Values<Int32Array> }
}

const common = {
  dtype: 'f32',
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { x: { buffer: 't_x', bytes: 4, elements: ['rows:m', 64] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:l', 64] } },
  offsets: { l: { buffer: 'offsets_l', batch: 'batch:b' }, m: { buffer: 'offsets_m', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:l', 'u32 rows:m', 'u32 offsetWords:l', 'u32 offsetWords:m', 'u32 base:start'],
  buffers: [{ name: 't_x' }, { name: 't_out', written: true }, { name: 'offsets_l' }, { name: 'offsets_m' }, { name: 'captures_i32' }],
  entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 4096 }] }],
  captures: [{ name: 'start', dtype: 'i32', kind: 'perSequence' }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const splitRightPrefixKernels = [
  { ...common, file: 'wgsl/interaction/split_right_prefix/split_right_prefix_f32_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const splitRightPrefixWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openSplitRightPrefix = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<SplitRightPrefixLaunch>> =>
  openInteraction(device, splitRightPrefixKernels, splitRightPrefixWinners, wanted, read)
