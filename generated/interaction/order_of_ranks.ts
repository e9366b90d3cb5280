// serrate 0.1.0: WebGPU launcher of order_of_ranks (definition e81b48842f19882c, kernels/interaction/order_of_ranks.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface OrderOfRanksLaunch {
  readonly tensors: { /** dense(b) i32 */ readonly rank: Tensor; /** dense(b) i32 */ readonly out: Tensor }
  readonly batches: { readonly b: number }
}

const common = {
  dtype: 'f32',
  sizes: {},
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 1056 },
  tensors: { rank: { buffer: 't_rank', bytes: 4, elements: ['batch:b'] }, out: { buffer: 't_out', bytes: 4, elements: ['batch:b'] } },
  offsets: {},
  params: ['u32 elements', 'u32 batch:b'],
  buffers: [{ name: 't_rank' }, { name: 't_out', written: true }],
  entries: [{ name: 'reduce', entryPoint: 'reduce', grid: [{ of: 'batch:b', per: 8 }, 1] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const orderOfRanksKernels = [
  { ...common, file: 'wgsl/interaction/order_of_ranks/order_of_ranks_f32.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const orderOfRanksWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openOrderOfRanks = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<OrderOfRanksLaunch>> =>
  openInteraction(device, orderOfRanksKernels, orderOfRanksWinners, wanted, read)
