// serrate 0.1.0: WebGPU launcher of jagged_self_subtraction (definition 09162610a7959f68, kernels/interaction/jagged_self_subtraction.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface JaggedSelfSubtractionLaunch {
  readonly tensors: { /** jagged(l) */ readonly left: Tensor; /** jagged(outer(i, j)) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of i */ readonly i: Tensor; /** running sums of the lengths of l */ readonly l: Tensor; /** running sums of i * i */ readonly outer_i_i: Tensor }
  readonly offsetWords?: { readonly i?: 1 | 2; readonly l?: 1 | 2; readonly outer_i_i?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly i: number; readonly l: number; readonly outer_i_i: number }
}

const common = {
  dtype: 'f32',
  sizes: {},
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { left: { buffer: 't_left', bytes: 4, elements: ['rows:l'] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:outer_i_i'] } },
  offsets: { i: { buffer: 'offsets_i', batch: 'batch:b' }, l: { buffer: 'offsets_l', batch: 'batch:b' }, outer_i_i: { buffer: 'offsets_outer_i_i', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:i', 'u32 rows:l', 'u32 rows:outer_i_i', 'u32 offsetWords:i', 'u32 offsetWords:l', 'u32 offsetWords:outer_i_i'],
  buffers: [{ name: 't_left' }, { name: 't_out', written: true }, { name: 'offsets_i' }, { name: 'offsets_l' }, { name: 'offsets_outer_i_i' }],
  entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 1024 }] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const jaggedSelfSubtractionKernels = [
  { ...common, file: 'wgsl/interaction/jagged_self_subtraction/jagged_self_subtraction_f32.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const jaggedSelfSubtractionWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openJaggedSelfSubtraction = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<JaggedSelfSubtractionLaunch>> =>
  openInteraction(device, jaggedSelfSubtractionKernels, jaggedSelfSubtractionWinners, wanted, read)
