// serrate 0.1.0: WebGPU launcher of jagged_dense_add (definition 4b848cbd7c2aca04, kernels/interaction/jagged_dense_add.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface JaggedDenseAddLaunch {
  readonly tensors: { /** jagged(l, d) */ readonly x: Tensor; /** dense(b, l, d) */ readonly y: Tensor; /** jagged(l, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of l */ readonly l: Tensor }
  readonly offsetWords?: { readonly l?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly l: number }
  readonly capacities: { readonly l: number }
}

const common = {
  dtype: 'f32',
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { x: { buffer: 't_x', bytes: 4, elements: ['rows:l', 64] }, y: { buffer: 't_y', bytes: 4, elements: ['batch:b', 'capacity:l', 64] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:l', 64] } },
  offsets: { l: { buffer: 'offsets_l', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:l', 'u32 capacity:l', 'u32 offsetWords:l'],
  buffers: [{ name: 't_x' }, { name: 't_y' }, { name: 't_out', written: true }, { name: 'offsets_l' }],
  entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 4096 }] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const jaggedDenseAddKernels = [
  { ...common, file: 'wgsl/interaction/jagged_dense_add/jagged_dense_add_f32_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const jaggedDenseAddWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openJaggedDenseAdd = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<JaggedDenseAddLaunch>> =>
  openInteraction(device, jaggedDenseAddKernels, jaggedDenseAddWinners, wanted, read)
