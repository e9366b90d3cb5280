// serrate 0.1.0: WebGPU launcher of jagged_to_padded (definition b1990fccb06b49af, kernels/interaction/jagged_to_padded.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface JaggedToPaddedLaunch {
  readonly tensors: { /** jagged(l, d) */ readonly x: Tensor; /** dense(b, l, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of l */ readonly l: Tensor }
  readonly offsetWords?: { readonly l?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly l: number }
  readonly capacities: { readonly l: number }
  readonly captures?: { /** scalar f32, default 0 */ readonly pad?: number }
}

const common = {
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 0 },
  offsets: { l: { buffer: 'offsets_l', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:l', 'u32 capacity:l', 'u32 offsetWords:l', 'u32 scalarBits:pad'],
  buffers: [{ name: 't_x' }, { name: 't_out', written: true }, { name: 'offsets_l' }],
  captures: [{ name: 'pad', dtype: 'f32', kind: 'scalar', default: 0 }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const jaggedToPaddedKernels = [
  { ...common, file: 'wgsl/interaction/jagged_to_padded/jagged_to_padded_f32_d64.wgsl', dtype: 'f32', tensors: { x: { buffer: 't_x', bytes: 4, elements: ['rows:l', 64] }, out: { buffer: 't_out', bytes: 4, elements: ['batch:b', 'capacity:l', 64] } }, entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 4096 }] }] },
  { ...common, file: 'wgsl/interaction/jagged_to_padded/jagged_to_padded_bf16_d64.wgsl', dtype: 'bf16', tensors: { x: { buffer: 't_x', bytes: 2, elements: ['rows:l', 64] }, out: { buffer: 't_out', bytes: 2, elements: ['batch:b', 'capacity:l', 64] } }, entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 8192 }] }] },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const jaggedToPaddedWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openJaggedToPadded = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'bf16' }, read: (file: string) => string | Promise<string>): Promise<Interaction<JaggedToPaddedLaunch>> =>
  openInteraction(device, jaggedToPaddedKernels, jaggedToPaddedWinners, wanted, read)
