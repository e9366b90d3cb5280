// serrate 0.1.0: WebGPU launcher of dot_interaction (definition 13303f8c3e74b01c, kernels/interaction/dot_interaction.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface DotInteractionLaunch {
  readonly tensors: { /** jagged(i, d) */ readonly x: Tensor; /** jagged(lower(i, j)) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of i */ readonly i: Tensor; /** running sums of i * (i - 1) / 2 */ readonly lower_i_i: Tensor }
  readonly offsetWords?: { readonly i?: 1 | 2; readonly lower_i_i?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly i: number; readonly lower_i_i: number }
}

const common = {
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxComputeWorkgroupStorageSize: 10256 },
  offsets: { i: { buffer: 'offsets_i', batch: 'batch:b' }, lower_i_i: { buffer: 'offsets_lower_i_i', batch: 'batch:b' } },
  params: ['u32 batch:b', 'u32 rows:i', 'u32 rows:lower_i_i', 'u32 offsetWords:i', 'u32 offsetWords:lower_i_i'],
  buffers: [{ name: 't_x' }, { name: 't_out', written: true }, { name: 'offsets_i' }, { name: 'offsets_lower_i_i' }],
  entries: [{ name: 'main', entryPoint: 'main', grid: [{ tiles: 'rows:i', batch: 'batch:b', per: 64 }] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const dotInteractionKernels = [
  { ...common, file: 'wgsl/interaction/dot_interaction/dot_interaction_f32_d64.wgsl', dtype: 'f32', tensors: { x: { buffer: 't_x', bytes: 4, elements: ['rows:i', 64] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:lower_i_i'] } } },
  { ...common, file: 'wgsl/interaction/dot_interaction/dot_interaction_bf16_d64.wgsl', dtype: 'bf16', tensors: { x: { buffer: 't_x', bytes: 2, elements: ['rows:i', 64] }, out: { buffer: 't_out', bytes: 2, elements: ['rows:lower_i_i'] } } },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const dotInteractionWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openDotInteraction = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'bf16' }, read: (file: string) => string | Promise<string>): Promise<Interaction<DotInteractionLaunch>> =>
  openInteraction(device, dotInteractionKernels, dotInteractionWinners, wanted, read)
