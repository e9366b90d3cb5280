// serrate 0.1.0: WebGPU launcher of masked_rows (definition 037ac8680ab4d544, kernels/interaction/masked_rows.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface MaskedRowsLaunch {
  readonly tensors: { /** jagged(m, d) */ readonly x: Tensor; /** jagged(m) i32 */ readonly mask: Tensor; /** jagged(m) i32 */ readonly place: Tensor; /** jagged(l, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of l */ readonly l: Tensor; /** running sums of the lengths of m */ readonly m: Tensor }
  readonly offsetWords?: { readonly l?: 1 | 2; readonly m?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly l: number; readonly m: number }
}

const common = {
  dtype: 'f32',
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { x: { buffer: 't_x', bytes: 4, elements: ['rows:m', 64] }, mask: { buffer: 't_mask', bytes: 4, elements: ['rows:m'] }, place: { buffer: 't_place', bytes: 4, elements: ['rows:m'] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:l', 64] } },
  offsets: { l: { buffer: 'offsets_l', batch: 'batch:b' }, m: { buffer: 'offsets_m', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:l', 'u32 rows:m', 'u32 offsetWords:l', 'u32 offsetWords:m'],
  buffers: [{ name: 't_x' }, { name: 't_mask' }, { name: 't_place' }, { name: 't_out', written: true }, { name: 'offsets_l' }, { name: 'offsets_m' }],
  entries: [{ name: 'clear', entryPoint: 'clear_elements', grid: [{ factors: ['elements'], per: 1024, least: 0 }] }, { name: 'scatter', entryPoint: 'scatter_elements', grid: [{ factors: ['rows:m', 64], per: 1024, least: 0 }] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const maskedRowsKernels = [
  { ...common, file: 'wgsl/interaction/masked_rows/masked_rows_f32_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const maskedRowsWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openMaskedRows = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<MaskedRowsLaunch>> =>
  openInteraction(device, maskedRowsKernels, maskedRowsWinners, wanted, read)
