// serrate 0.1.0: WebGPU launcher of jagged_index_add (definition bbcc622c23612d61, kernels/interaction/jagged_index_add.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface JaggedIndexAddLaunch {
  readonly tensors: { /** jagged(m, d) by s */ readonly x: Tensor; /** jagged(k) i32 */ readonly items: Tensor; /** jagged(l, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of k */ readonly k: Tensor; /** running sums of the lengths of l */ readonly l: Tensor; /** running sums of the lengths of m */ readonly m: Tensor }
  readonly offsetWords?: { readonly k?: 1 | 2; readonly l?: 1 | 2; readonly m?: 1 | 2 }
  readonly batches: { readonly b: number; readonly s: number }
  readonly rows: { readonly k: number; readonly l: number; readonly m: number }
}

const common = {
  dtype: 'f32',
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { x: { buffer: 't_x', bytes: 4, elements: ['rows:m', 64] }, items: { buffer: 't_items', bytes: 4, elements: ['rows:k'] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:l', 64] } },
  offsets: { k: { buffer: 'offsets_k', batch: 'batch:b' }, l: { buffer: 'offsets_l', batch: 'batch:b' }, m: { buffer: 'offsets_m', batch: 'batch:s' } },
  params: ['u32 batch:b', 'u32 batch:s', 'u32 rows:k', 'u32 rows:l', 'u32 rows:m', 'u32 offsetWords:k', 'u32 offsetWords:l', 'u32 offsetWords:m'],
  buffers: [{ name: 't_x' }, { name: 't_items' }, { name: 't_out', written: true }, { name: 'offsets_k' }, { name: 'offsets_l' }, { name: 'offsets_m' }],
  entries: [{ name: 'reduce', entryPoint: 'reduce', grid: [{ factors: ['rows:l', 64], per: 1024, least: 0 }] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const jaggedIndexAddKernels = [
  { ...common, file: 'wgsl/interaction/jagged_index_add/jagged_index_add_f32_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const jaggedIndexAddWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openJaggedIndexAdd = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<JaggedIndexAddLaunch>> =>
  openInteraction(device, jaggedIndexAddKernels, jaggedIndexAddWinners, wanted, read)
