// serrate 0.1.0: WebGPU launcher of segment_ids (definition e7740d6c89005485, kernels/interaction/segment_ids.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface SegmentIdsLaunch {
  readonly tensors: { /** jagged(l) i32 */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of l */ readonly l: Tensor }
  readonly offsetWords?: { readonly l?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly l: number }
}

const common = {
  dtype: 'f32',
  sizes: {},
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { out: { buffer: 't_out', bytes: 4, elements: ['rows:l'] } },
  offsets: { l: { buffer: 'offsets_l', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:l', 'u32 offsetWords:l'],
  buffers: [{ name: 't_out', written: true }, { name: 'offsets_l' }],
  entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 1024 }] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const segmentIdsKernels = [
  { ...common, file: 'wgsl/interaction/segment_ids/segment_ids_f32.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const segmentIdsWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openSegmentIds = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<SegmentIdsLaunch>> =>
  openInteraction(device, segmentIdsKernels, segmentIdsWinners, wanted, read)
