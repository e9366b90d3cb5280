// serrate 0.1.0: WebGPU launcher of swish_layer_norm (definition 43ea2bbb2eb1bb19, kernels/interaction/swish_layer_norm.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface SwishLayerNormLaunch {
  readonly tensors: { /** jagged(l, d) */ readonly x: Tensor; /** dense(d) */ readonly weight: Tensor; /** dense(d) */ readonly bias: Tensor; /** jagged(l, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of l */ readonly l: Tensor }
  readonly offsetWords?: { readonly l?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly l: number }
  readonly captures?: { /** scalar f32, default 0.00001 */ readonly eps?: number }
}

const common = {
  dtype: 'f32',
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 1024 },
  tensors: { x: { buffer: 't_x', bytes: 4, elements: ['rows:l', 64] }, weight: { buffer: 't_weight', bytes: 4, elements: [64] }, bias: { buffer: 't_bias', bytes: 4, elements: [64] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:l', 64] } },
  offsets: { l: { buffer: 'offsets_l', batch: 'batch:b' } },
  params: ['u32 batch:b', 'u32 rows:l', 'u32 offsetWords:l', 'f32 scalar:eps'],
  buffers: [{ name: 't_x' }, { name: 't_weight' }, { name: 't_bias' }, { name: 't_out', written: true }, { name: 'offsets_l' }],
  entries: [{ name: 'reduce', entryPoint: 'reduce', grid: [{ factors: ['rows:l'], per: 64, least: 0 }] }],
  captures: [{ name: 'eps', dtype: 'f32', kind: 'scalar', default: 0.00001 }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const swishLayerNormKernels = [
  { ...common, file: 'wgsl/interaction/swish_layer_norm/swish_layer_norm_f32_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const swishLayerNormWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openSwishLayerNorm = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<SwishLayerNormLaunch>> =>
  openInteraction(device, swishLayerNormKernels, swishLayerNormWinners, wanted, read)
