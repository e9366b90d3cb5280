// serrate 0.1.0: WebGPU launcher of source_mask (definition d3a5821fc480564e, kernels/interaction/source_mask.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Values, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface SourceMaskLaunch {
  readonly tensors: { /** jagged(l) i32 */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of l */ readonly l: Tensor }
  readonly offsetWords?: { readonly l?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly l: number }
  readonly captures: { /** perSequence i32 */ readonly sources: Values<Int32Array> }
}

const common = {
  dtype: 'f32',
  sizes: {},
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { out: { buffer: 't_out', bytes: 4, elements: ['rows:l'] } },
  offsets: { l: { buffer: 'offsets_l', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:l', 'u32 offsetWords:l', 'u32 base:sources'],
  buffers: [{ name: 't_out', written: true }, { name: 'offsets_l' }, { name: 'captures_i32' }],
  entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 1024 }] }],
  captures: [{ name: 'sources', dtype: 'i32', kind: 'perSequence' }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const sourceMaskKernels = [
  { ...common, file: 'wgsl/interaction/source_mask/source_mask_f32.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const sourceMaskWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openSourceMask = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<SourceMaskLaunch>> =>
  openInteraction(device, sourceMaskKernels, sourceMaskWinners, wanted, read)
