// serrate 0.1.0: WebGPU launcher of permute (definition e9b0e86e5a1d98ae, kernels/interaction/permute.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface PermuteLaunch {
  readonly tensors: { /** jagged(m, d) */ readonly x: Tensor; /** jagged(l) i32 */ readonly order: Tensor; /** jagged(l, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of m */ readonly m: Tensor }
  readonly offsetWords?: { readonly m?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly m: number }
}

const common = {
  dtype: 'f32',
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { x: { buffer: 't_x', bytes: 4, elements: ['rows:m', 64] }, order: { buffer: 't_order', bytes: 4, elements: ['rows:m'] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:m', 64] } },
  offsets: { m: { buffer: 'offsets_m', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:m', 'u32 offsetWords:m'],
  buffers: [{ name: 't_x' }, { name: 't_order' }, { name: 't_out', written: true }, { name: 'offsets_m' }],
  entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 4096 }] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const permuteKernels = [
  { ...common, file: 'wgsl/interaction/permute/permute_f32_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const permuteWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openPermute = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<PermuteLaunch>> =>
  openInteraction(device, permuteKernels, permuteWinners, wanted, read)
