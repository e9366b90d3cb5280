// serrate 0.1.0: WebGPU launcher of mask_places (definition 539d88d9d61a9c74, kernels/interaction/mask_places.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface MaskPlacesLaunch {
  readonly tensors: { /** jagged(l) i32 */ readonly mask: Tensor; /** jagged(l) i32 */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of l */ readonly l: Tensor }
  readonly offsetWords?: { readonly l?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly l: number }
}

const common = {
  dtype: 'f32',
  sizes: {},
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 4112 },
  tensors: { mask: { buffer: 't_mask', bytes: 4, elements: ['rows:l'] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:l'] } },
  offsets: { l: { buffer: 'offsets_l', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:l', 'u32 offsetWords:l'],
  buffers: [{ name: 't_mask' }, { name: 't_out', written: true }, { name: 'offsets_l' }, { name: 'partials', written: true }],
  entries: [{ name: 'blocks', entryPoint: 'sum_blocks', grid: [{ factors: ['rows:l'], per: 2048, least: 0 }, 1] }, { name: 'carries', entryPoint: 'sum_carries', grid: [1] }, { name: 'elements', entryPoint: 'sum_elements', grid: [{ factors: ['rows:l'], per: 2048, least: 0 }, 1] }],
  partials: [{ factors: ['rows:l'], per: 2048, least: 0 }, 2],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const maskPlacesKernels = [
  { ...common, file: 'wgsl/interaction/mask_places/mask_places_f32.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const maskPlacesWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openMaskPlaces = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<MaskPlacesLaunch>> =>
  openInteraction(device, maskPlacesKernels, maskPlacesWinners, wanted, read)
