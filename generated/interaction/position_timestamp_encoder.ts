// serrate 0.1.0: WebGPU launcher of position_timestamp_encoder (definition 997d6b91b6b81f0d, kernels/interaction/position_timestamp_encoder.ts:4). Written by `serrate generate`.
import { type Interaction, type Kernel, openInteraction, type Tensor, type Values, type Winner } from '../launch/webgpu_interaction.ts'

/** One launch. Whole numbers in `batches` (sequences), `rows` (packed rows that tensors hold), `capacities` and `sizes`. */
export interface PositionTimestampEncoderLaunch {
  readonly tensors: { /** jagged(l, d) */ readonly x: Tensor; /** jagged(l) i32 */ readonly time: Tensor; /** dense(p, d) */ readonly positions: Tensor; /** dense(q, d) */ readonly buckets: Tensor; /** jagged(l, d) */ readonly out: Tensor }
  readonly offsets: { /** running sums of the lengths of l */ readonly l: Tensor }
  readonly offsetWords?: { readonly l?: 1 | 2 }
  readonly batches: { readonly b: number }
  readonly rows: { readonly l: number }
  readonly sizes: { readonly p: number; readonly q: number }
  readonly captures: { /** perSequence i32 */ readonly numTargets: Values<Int32Array>; /** scalar i32, default 0 */ readonly contextual?: number; /** scalar f32 */ readonly alpha: number }
}

const common = {
  dtype: 'f32',
  sizes: { d: 64 },
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupStorageSize: 16 },
  tensors: { x: { buffer: 't_x', bytes: 4, elements: ['rows:l', 64] }, time: { buffer: 't_time', bytes: 4, elements: ['rows:l'] }, positions: { buffer: 't_positions', bytes: 4, elements: ['size:p', 64] }, buckets: { buffer: 't_buckets', bytes: 4, elements: ['size:q', 64] }, out: { buffer: 't_out', bytes: 4, elements: ['rows:l', 64] } },
  offsets: { l: { buffer: 'offsets_l', batch: 'batch:b' } },
  params: ['u32 elements', 'u32 batch:b', 'u32 rows:l', 'u32 size:p', 'u32 size:q', 'u32 offsetWords:l', 'f32 scalar:alpha', 'i32 scalar:contextual', 'u32 base:numTargets'],
  buffers: [{ name: 't_x' }, { name: 't_time' }, { name: 't_positions' }, { name: 't_buckets' }, { name: 't_out', written: true }, { name: 'offsets_l' }, { name: 'captures_i32' }],
  entries: [{ name: 'move', entryPoint: 'move_elements', grid: [{ of: 'elements', per: 4096 }] }],
  captures: [{ name: 'numTargets', dtype: 'i32', kind: 'perSequence' }, { name: 'contextual', dtype: 'i32', kind: 'scalar', default: 0 }, { name: 'alpha', dtype: 'f32', kind: 'scalar' }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel. */
export const positionTimestampEncoderKernels = [
  { ...common, file: 'wgsl/interaction/position_timestamp_encoder/position_timestamp_encoder_f32_d64.wgsl' },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const positionTimestampEncoderWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openPositionTimestampEncoder = (device: GPUDevice, wanted: { readonly dtype: 'f32' }, read: (file: string) => string | Promise<string>): Promise<Interaction<PositionTimestampEncoderLaunch>> =>
  openInteraction(device, positionTimestampEncoderKernels, positionTimestampEncoderWinners, wanted, read)
