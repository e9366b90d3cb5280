// serrate 0.1.0: WebGPU launcher of replace_last_n (definition 3eeb157bddb38d70, kernels/interaction/replace_last_n.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface ReplaceLastNLaunch {
  readonly tensors: { /** jagged(m, d) */ readonly x: Tensor; /** jagged(n, d) */ readonly y: Tensor; /** jagged(l, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of m */ readonly m: Tensor; /** running sums of the lengths of n */ readonly n: Tensor }
  readonly offsetWords?: { readonly m?: 1 | 2; readonly n?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly m: number; readonly n: number }
}

const common = {
  dtype: 'f32',
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { x: { buffer: 't_x', bytes: 4, elements: ['rows:m', 64] }, y: { buffer: 't_y', bytes: 4, elements: ['rows:n', 64] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:m', 64] } },
  offsets: { m: { buffer: 'offsets_m', batch: 'batch:b' }, n: { buffer: 'offsets_n', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:m', 'u32 rows:n', 'u32 offsetWords:m', 'u32 offsetWords:n'],
  buffers: [{ name: 't_x' }, { name: 't_y' }, { name: 't_out', written: true }, { name: 'offsets_m' }, { name: 'offsets_n' }],
  entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 4096 }] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const replaceLastNKernels = [
  { ...common, file: 'wgsl/interaction/replace_last_n/replace_last_n_f32_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const replaceLastNWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openReplaceLastN = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<ReplaceLastNLaunch>> =>
  openInteraction(device, replaceLastNKernels, replaceLastNWinners, wanted, read)
