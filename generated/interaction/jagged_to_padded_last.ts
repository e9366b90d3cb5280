// serrate 0.1.0: WebGPU launcher of jagged_to_padded_last (definition b6974033f1274c05, kernels/interaction/jagged_to_padded_last.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface JaggedToPaddedLastLaunch {
  readonly tensors: { /** jagged(m) */ readonly x: Tensor; /** dense(b, l) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of m */ readonly m: Tensor }
  readonly offsetWords?: { readonly m?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly m: number }
  readonly capacities: { readonly m: number }
}

const common = {
  dtype: 'f32',
  sizes: {},
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 0 },
  tensors: { x: { buffer: 't_x', bytes: 4, elements: ['rows:m'] }, out: { buffer: 't_out', bytes: 4, elements: ['batch:b', 'capacity:m'] } },
  offsets: { m: { buffer: 'offsets_m', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:m', 'u32 capacity:m', 'u32 offsetWords:m'],
  buffers: [{ name: 't_x' }, { name: 't_out', written: true }, { name: 'offsets_m' }],
  entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 1024 }] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const jaggedToPaddedLastKernels = [
  { ...common, file: 'wgsl/interaction/jagged_to_padded_last/jagged_to_padded_last_f32.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const jaggedToPaddedLastWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openJaggedToPaddedLast = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<JaggedToPaddedLastLaunch>> =>
  openInteraction(device, jaggedToPaddedLastKernels, jaggedToPaddedLastWinners, wanted, read)
