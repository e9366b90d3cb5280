// serrate 0.1.0: WebGPU launcher of dot_interaction_dense (definition 86f7c53e197dbf3c, kernels/interaction/dot_interaction_dense.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface DotInteractionDenseLaunch {
  readonly tensors: { /** dense(b, f, d) */ readonly x: Tensor; /** dense(b, lower(f, g)) */ readonly out: Tensor }
  readonly batches: { readonly b: number }
}

const common = {
  dtype: 'f32',
  sizes: { f: 64, d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxComputeWorkgroupStorageSize: 10240 },
  tensors: { x: { buffer: 't_x', bytes: 4, elements: ['batch:b', 64, 64] }, out: { buffer: 't_out', bytes: 4, elements: ['batch:b', 2016] } },
  offsets: {},
  params: ['u32 batch:b'],
  buffers: [{ name: 't_x' }, { name: 't_out', written: true }],
  entries: [{ name: 'main', entryPoint: 'main', grid: ['batch:b'] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const dotInteractionDenseKernels = [
  { ...common, file: 'wgsl/interaction/dot_interaction_dense/dot_interaction_dense_f32_f64_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const dotInteractionDenseWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openDotInteractionDense = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<DotInteractionDenseLaunch>> =>
  openInteraction(device, dotInteractionDenseKernels, dotInteractionDenseWinners, wanted, read)
