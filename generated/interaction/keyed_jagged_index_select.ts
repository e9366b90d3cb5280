// serrate 0.1.0: WebGPU launcher of keyed_jagged_index_select (definition aa4ffac33d620c9b, kernels/interaction/keyed_jagged_index_select.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface KeyedJaggedIndexSelectLaunch {
  readonly tensors: { /** jagged(m, d) by s */ readonly x: Tensor; /** dense(i) i32 */ readonly ids: Tensor; /** jagged(l, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of l */ readonly l: Tensor; /** running sums of the lengths of m */ readonly m: Tensor }
  readonly offsetWords?: { readonly l?: 1 | 2; readonly m?: 1 | 2 }
  readonly batches: { readonly b: number; readonly s: number }
  readonly rows: { readonly l: number; readonly m: number }
  readonly sizes: { readonly i: number }
  readonly captures: { /** scalar i32 */ readonly batch: number; /** scalar i32 */ readonly count: number }
}

const common = {
  dtype: 'f32',
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { x: { buffer: 't_x', bytes: 4, elements: ['rows:m', 64] }, ids: { buffer: 't_ids', bytes: 4, elements: ['size:i'] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:l', 64] } },
  offsets: { l: { buffer: 'offsets_l', batch: 'batch:b' }, m: { buffer: 'offsets_m', batch: 'batch:s' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 batch:s', 'u32 rows:l', 'u32 rows:m', 'u32 size:i', 'u32 offsetWords:l', 'u32 offsetWords:m', 'i32 scalar:batch', 'i32 scalar:count'],
  buffers: [{ name: 't_x' }, { name: 't_ids' }, { name: 't_out', written: true }, { name: 'offsets_l' }, { name: 'offsets_m' }],
  entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 4096 }] }],
  captures: [{ name: 'batch', dtype: 'i32', kind: 'scalar' }, { name: 'count', dtype: 'i32', kind: 'scalar' }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const keyedJaggedIndexSelectKernels = [
  { ...common, file: 'wgsl/interaction/keyed_jagged_index_select/keyed_jagged_index_select_f32_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const keyedJaggedIndexSelectWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openKeyedJaggedIndexSelect = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<KeyedJaggedIndexSelectLaunch>> =>
  openInteraction(device, keyedJaggedIndexSelectKernels, keyedJaggedIndexSelectWinners, wanted, read)
