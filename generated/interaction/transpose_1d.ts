// serrate 0.1.0: WebGPU launcher of transpose_1d (definition 39f671c2572d94fc, kernels/interaction/transpose_1d.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface Transpose1dLaunch {
  readonly tensors: { /** jagged(m) by s */ readonly x: Tensor; /** jagged(l) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of l */ readonly l: Tensor; /** running sums of the lengths of m */ readonly m: Tensor }
  readonly offsetWords?: { readonly l?: 1 | 2; readonly m?: 1 | 2 }
  readonly batches: { readonly b: number; readonly s: number }
  readonly rows: { readonly l: number; readonly m: number }
  readonly captures: { /** scalar i32 */ readonly rows: number; /** scalar i32 */ readonly columns: number }
}

const common = {
  dtype: 'f32',
  sizes: {},
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { x: { buffer: 't_x', bytes: 4, elements: ['rows:m'] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:l'] } },
  offsets: { l: { buffer: 'offsets_l', batch: 'batch:b' }, m: { buffer: 'offsets_m', batch: 'batch:s' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 batch:s', 'u32 rows:l', 'u32 rows:m', 'u32 offsetWords:l', 'u32 offsetWords:m', 'i32 scalar:columns', 'i32 scalar:rows'],
  buffers: [{ name: 't_x' }, { name: 't_out', written: true }, { name: 'offsets_l' }, { name: 'offsets_m' }],
  entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 1024 }] }],
  captures: [{ name: 'rows', dtype: 'i32', kind: 'scalar' }, { name: 'columns', dtype: 'i32', kind: 'scalar' }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const transpose1dKernels = [
  { ...common, file: 'wgsl/interaction/transpose_1d/transpose_1d_f32.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const transpose1dWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openTranspose1d = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<Transpose1dLaunch>> =>
  openInteraction(device, transpose1dKernels, transpose1dWinners, wanted, read)
