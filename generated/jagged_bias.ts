// serrate 0.1.0: WebGPU launcher of jagged_bias (definition 3a7cf5597f0dcc08, kernels/jagged_bias.ts:4). Written by `serrate generate`.
import { type Attention, createAttention, type Kernel, openAttention, type JaggedPair, type Values, type Winner } from './launch/webgpu.ts'

export interface JaggedBiasCaptures {
  /** pair f32, [sum of qLen * kvLen] */
  readonly bias: Values<Float32Array> | JaggedPair<Float32Array>
}

const common = {
  headDim: 64,
  valueDim: 64,
  layout: { queries: 'self', align: 'start' },
  blockM: 32,
  split: 1,
  pack: false,
  gqa: false,
  subgroupLanes: 0,
  lse: true,
  smScale: { kind: 'default' },
  captureParams: [{ type: 'u32', source: 'base:bias' }, { type: 'u32', source: 'group:bias' }, { type: 'u32', source: 'headStride:bias' }, { type: 'u32', source: 'base:pairs' }],
  buffers: [{ name: 'q', binding: 1, written: false, entries: ['attention'] }, { name: 'k', binding: 2, written: false, entries: ['attention'] }, { name: 'v', binding: 3, written: false, entries: ['attention'] }, { name: 'out', binding: 4, written: true, entries: ['attention'] }, { name: 'lse', binding: 5, written: true, entries: ['attention'] }, { name: 'tiles', binding: 6, written: false, entries: ['tiles', 'attention'] }, { name: 'seq_offsets', binding: 7, written: false, entries: ['tiles'] }, { name: 'kv_offsets', binding: 8, written: false, entries: ['tiles'] }, { name: 'kv_index', binding: 9, written: false, entries: ['tiles'] }, { name: 'captures_i32', binding: 10, written: false, entries: ['attention'] }, { name: 'captures_f32', binding: 11, written: false, entries: ['attention'] }],
  captures: [{ name: 'bias', dtype: 'f32', kind: 'pair', perHead: false, layout: 'jagged' }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel; `features` and `subgroupLanes` say what the device must have. */
export const jaggedBiasKernels = [
  { ...common, file: 'wgsl/jagged_bias/jagged_bias_f32_d64.wgsl', dtype: 'f32', features: [], limits: { maxComputeWorkgroupStorageSize: 14880, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 8 } },
  { ...common, file: 'wgsl/jagged_bias/jagged_bias_f16_d64.wgsl', dtype: 'f16', features: ['shader-f16'], limits: { maxComputeWorkgroupStorageSize: 12320, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 8 } },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const jaggedBiasWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. `read` gives the text of a kernel's `file`. */
export const openJaggedBias = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'f16'; readonly headDim: 64 }, read: (file: string) => string | Promise<string>): Promise<Attention<JaggedBiasCaptures>> =>
  openAttention(device, jaggedBiasKernels, jaggedBiasWinners, wanted, read)

/** Compiles one of `jaggedBiasKernels`; `source` is the text of its `file`. */
export const createJaggedBias = (device: GPUDevice, kernel: (typeof jaggedBiasKernels)[number], source: string): Promise<Attention<JaggedBiasCaptures>> =>
  createAttention(device, kernel, source)
