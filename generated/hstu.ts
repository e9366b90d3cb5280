// serrate 0.1.0: WebGPU launcher of hstu (definition b7474930d60c6e9b, kernels/hstu.ts:11). Written by `serrate generate`.
import { type Attention, createAttention, type Kernel, openAttention, type Values, type Winner } from './launch/webgpu.ts'

export interface HstuCaptures {
  /** perSequence i32, [sequences] */
  readonly numTargets: Values<Int32Array>
  /** scalar i32, one number; default 0 */
  readonly contextual?: number
  /** scalar i32, one number; default 0 */
  readonly maxAttnLen?: number
  /** scalar i32, one number; default 0 */
  readonly minFullAttnSeqLen?: number
  /** scalar i32, one number */
  readonly maxSeqLen: number
  /** scalar f32, one number */
  readonly alpha: number
}

const common = {
  layout: { queries: 'self', align: 'start' },
  blockM: 32,
  split: 1,
  pack: false,
  gqa: false,
  subgroupLanes: 0,
  lse: false,
  smScale: { kind: 'capture', name: 'alpha' },
  captureParams: [{ type: 'i32', source: 'scalar:contextual' }, { type: 'i32', source: 'scalar:maxAttnLen' }, { type: 'i32', source: 'scalar:minFullAttnSeqLen' }, { type: 'i32', source: 'scalar:maxSeqLen' }, { type: 'u32', source: 'base:numTargets' }],
  buffers: [{ name: 'q', binding: 1, written: false, entries: ['attention'] }, { name: 'k', binding: 2, written: false, entries: ['attention'] }, { name: 'v', binding: 3, written: false, entries: ['attention'] }, { name: 'out', binding: 4, written: true, entries: ['attention'] }, { name: 'tiles', binding: 5, written: false, entries: ['tiles', 'attention'] }, { name: 'seq_offsets', binding: 6, written: false, entries: ['tiles'] }, { name: 'kv_offsets', binding: 7, written: false, entries: ['tiles'] }, { name: 'kv_index', binding: 8, written: false, entries: ['tiles'] }, { name: 'captures_i32', binding: 9, written: false, entries: ['attention'] }],
  captures: [{ name: 'numTargets', dtype: 'i32', kind: 'perSequence', perHead: false }, { name: 'contextual', dtype: 'i32', kind: 'scalar', perHead: false, default: 0 }, { name: 'maxAttnLen', dtype: 'i32', kind: 'scalar', perHead: false, default: 0 }, { name: 'minFullAttnSeqLen', dtype: 'i32', kind: 'scalar', perHead: false, default: 0 }, { name: 'maxSeqLen', dtype: 'i32', kind: 'scalar', perHead: false }, { name: 'alpha', dtype: 'f32', kind: 'scalar', perHead: false }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel; `features` and `subgroupLanes` say what the device must have. */
export const hstuKernels = [
  { ...common, file: 'wgsl/hstu/hstu_f32_d64.wgsl', dtype: 'f32', headDim: 64, valueDim: 64, features: [], limits: { maxComputeWorkgroupStorageSize: 14112, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/hstu/hstu_f16_d64.wgsl', dtype: 'f16', headDim: 64, valueDim: 64, features: ['shader-f16'], limits: { maxComputeWorkgroupStorageSize: 11552, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/hstu/hstu_bf16_d64.wgsl', dtype: 'bf16', headDim: 64, valueDim: 64, features: [], limits: { maxComputeWorkgroupStorageSize: 14112, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/hstu/hstu_f32_d128.wgsl', dtype: 'f32', headDim: 128, valueDim: 128, features: [], limits: { maxComputeWorkgroupStorageSize: 14112, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/hstu/hstu_f16_d128.wgsl', dtype: 'f16', headDim: 128, valueDim: 128, features: ['shader-f16'], limits: { maxComputeWorkgroupStorageSize: 15648, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/hstu/hstu_bf16_d128.wgsl', dtype: 'bf16', headDim: 128, valueDim: 128, features: [], limits: { maxComputeWorkgroupStorageSize: 14112, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const hstuWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. `read` gives the text of a kernel's `file`. */
export const openHstu = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'f16' | 'bf16'; readonly headDim: 64 | 128 }, read: (file: string) => string | Promise<string>): Promise<Attention<HstuCaptures>> =>
  openAttention(device, hstuKernels, hstuWinners, wanted, read)

/** Compiles one of `hstuKernels`; `source` is the text of its `file`. */
export const createHstu = (device: GPUDevice, kernel: (typeof hstuKernels)[number], source: string): Promise<Attention<HstuCaptures>> =>
  createAttention(device, kernel, source)
