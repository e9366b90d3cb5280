// serrate 0.1.0: WebGPU launcher of array_jagged_bmm_jagged_out_transposed (definition 5966c9e9f7d85d8a, kernels/interaction/array_jagged_bmm_jagged_out_transposed.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface ArrayJaggedBmmJaggedOutTransposedLaunch {
  readonly tensors: { /** jagged(outer(i, j)) */ readonly a: Tensor; /** jagged(i, d) */ readonly y: Tensor; /** jagged(j, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of i */ readonly i: Tensor; /** running sums of the lengths of j */ readonly j: Tensor; /** running sums of i * j */ readonly outer_i_j: Tensor }
  readonly offsetWords?: { readonly i?: 1 | 2; readonly j?: 1 | 2; readonly outer_i_j?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly i: number; readonly j: number; readonly outer_i_j: number }
}

const common = {
  dtype: 'f32',
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxComputeWorkgroupStorageSize: 12304 },
  tensors: { a: { buffer: 't_a', bytes: 4, elements: ['rows:outer_i_j'] }, y: { buffer: 't_y', bytes: 4, elements: ['rows:i', 64] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:j', 64] } },
  offsets: { i: { buffer: 'offsets_i', batch: 'batch:b' }, j: { buffer: 'offsets_j', batch: 'batch:b' }, outer_i_j: { buffer: 'offsets_outer_i_j', batch: 'batch:b' } },
  params: ['u32 batch:b', 'u32 rows:i', 'u32 rows:j', 'u32 rows:outer_i_j', 'u32 offsetWords:i', 'u32 offsetWords:j', 'u32 offsetWords:outer_i_j'],
  buffers: [{ name: 't_a' }, { name: 't_y' }, { name: 't_out', written: true }, { name: 'offsets_i' }, { name: 'offsets_j' }, { name: 'offsets_outer_i_j' }],
  entries: [{ name: 'main', entryPoint: 'main', grid: [{ tiles: 'rows:j', batch: 'batch:b', per: 128 }] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const arrayJaggedBmmJaggedOutTransposedKernels = [
  { ...common, file: 'wgsl/interaction/array_jagged_bmm_jagged_out_transposed/array_jagged_bmm_jagged_out_transposed_f32_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const arrayJaggedBmmJaggedOutTransposedWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openArrayJaggedBmmJaggedOutTransposed = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<ArrayJaggedBmmJaggedOutTransposedLaunch>> =>
  openInteraction(device, arrayJaggedBmmJaggedOutTransposedKernels, arrayJaggedBmmJaggedOutTransposedWinners, wanted, read)
