// serrate 0.1.0: WebGPU launcher of concat_three (definition 7614944f3a63bb8c, kernels/interaction/concat_three.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface ConcatThreeLaunch {
  readonly tensors: { /** jagged(i, d) */ readonly first: Tensor; /** jagged(j, d) */ readonly second: Tensor; /** jagged(k, d) */ readonly third: Tensor; /** jagged(l, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of i */ readonly i: Tensor; /** running sums of the lengths of j */ readonly j: Tensor; /** running sums of the lengths of k */ readonly k: Tensor; /** running sums of the lengths of l */ readonly l: Tensor }
  readonly offsetWords?: { readonly i?: 1 | 2; readonly j?: 1 | 2; readonly k?: 1 | 2; readonly l?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly i: number; readonly j: number; readonly k: number; readonly l: number }
}

const common = {
  dtype: 'f32',
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { first: { buffer: 't_first', bytes: 4, elements: ['rows:i', 64] }, second: { buffer: 't_second', bytes: 4, elements: ['rows:j', 64] }, third: { buffer: 't_third', bytes: 4, elements: ['rows:k', 64] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:l', 64] } },
  offsets: { i: { buffer: 'offsets_i', batch: 'batch:b' }, j: { buffer: 'offsets_j', batch: 'batch:b' }, k: { buffer: 'offsets_k', batch: 'batch:b' }, l: { buffer: 'offsets_l', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:i', 'u32 rows:j', 'u32 rows:k', 'u32 rows:l', 'u32 offsetWords:i', 'u32 offsetWords:j', 'u32 offsetWords:k', 'u32 offsetWords:l'],
  buffers: [{ name: 't_first' }, { name: 't_second' }, { name: 't_third' }, { name: 't_out', written: true }, { name: 'offsets_i' }, { name: 'offsets_j' }, { name: 'offsets_k' }, { name: 'offsets_l' }],
  entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 4096 }] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const concatThreeKernels = [
  { ...common, file: 'wgsl/interaction/concat_three/concat_three_f32_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const concatThreeWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openConcatThree = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<ConcatThreeLaunch>> =>
  openInteraction(device, concatThreeKernels, concatThreeWinners, wanted, read)
