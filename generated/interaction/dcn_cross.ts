// serrate 0.1.0: WebGPU launcher of dcn_cross (definition 587ba6c8dd64088f, kernels/interaction/dcn_cross.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface DcnCrossLaunch {
  readonly tensors: { /** jagged(l, k) */ readonly x0: Tensor; /** jagged(l, d) */ readonly x: Tensor; /** dense(k, d) */ readonly w: Tensor; /** dense(k) */ readonly c: Tensor; /** jagged(l, k) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of l */ readonly l: Tensor }
  readonly offsetWords?: { readonly l?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly l: number }
}

const common = {
  dtype: 'f32',
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxComputeWorkgroupStorageSize: 15376 },
  tensors: { x0: { buffer: 't_x0', bytes: 4, elements: ['rows:l', 64] }, x: { buffer: 't_x', bytes: 4, elements: ['rows:l', 64] }, w: { buffer: 't_w', bytes: 4, elements: [64, 64] }, c: { buffer: 't_c', bytes: 4, elements: [64] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:l', 64] } },
  offsets: { l: { buffer: 'offsets_l', batch: 'batch:b' } },
  params: ['u32 batch:b', 'u32 rows:l', 'u32 offsetWords:l'],
  buffers: [{ name: 't_x0' }, { name: 't_x' }, { name: 't_w' }, { name: 't_c' }, { name: 't_out', written: true }, { name: 'offsets_l' }],
  entries: [{ name: 'main', entryPoint: 'main', grid: [{ tiles: 'rows:l', batch: 'batch:b', per: 128 }] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const dcnCrossKernels = [
  { ...common, file: 'wgsl/interaction/dcn_cross/dcn_cross_f32_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const dcnCrossWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openDcnCross = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<DcnCrossLaunch>> =>
  openInteraction(device, dcnCrossKernels, dcnCrossWinners, wanted, read)
