// serrate 0.1.0: WebGPU launcher of sliding_window (definition b8bf94c9fde5ffa0, kernels/sliding_window.ts:4). Written by `serrate generate`.
import { type Attention, createAttention, type Kernel, openAttention, type Winner } from './launch/webgpu.ts'

export interface SlidingWindowCaptures {
  /** scalar i32, one number */
  readonly window: number
}

const common = {
  layout: { queries: 'self', align: 'start' },
  split: 1,
  pack: false,
  gqa: false,
  lse: true,
  smScale: { kind: 'default' },
  captureParams: [{ type: 'i32', source: 'scalar:window' }],
  buffers: [{ name: 'q', binding: 1, written: false, entries: ['attention'] }, { name: 'k', binding: 2, written: false, entries: ['attention'] }, { name: 'v', binding: 3, written: false, entries: ['attention'] }, { name: 'out', binding: 4, written: true, entries: ['attention'] }, { name: 'lse', binding: 5, written: true, entries: ['attention'] }, { name: 'tiles', binding: 6, written: false, entries: ['tiles', 'attention'] }, { name: 'seq_offsets', binding: 7, written: false, entries: ['tiles'] }, { name: 'kv_offsets', binding: 8, written: false, entries: ['tiles'] }, { name: 'kv_index', binding: 9, written: false, entries: ['tiles'] }],
  captures: [{ name: 'window', dtype: 'i32', kind: 'scalar', perHead: false }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel; `features` and `subgroupLanes` say what the device must have. */
export const slidingWindowKernels = [
  { ...common, file: 'wgsl/sliding_window/sliding_window_f32_d64.wgsl', dtype: 'f32', headDim: 64, valueDim: 64, blockM: 32, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 14880, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_f32_d64_subgroups.wgsl', dtype: 'f32', headDim: 64, valueDim: 64, blockM: 32, features: ['subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 13856, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_f16_d64.wgsl', dtype: 'f16', headDim: 64, valueDim: 64, blockM: 32, features: ['shader-f16'], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 12320, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_f16_d64_subgroups.wgsl', dtype: 'f16', headDim: 64, valueDim: 64, blockM: 64, features: ['shader-f16', 'subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 16160, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_bf16_d64.wgsl', dtype: 'bf16', headDim: 64, valueDim: 64, blockM: 32, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 14880, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_f32_d128.wgsl', dtype: 'f32', headDim: 128, valueDim: 128, blockM: 32, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 14880, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_f32_d128_subgroups.wgsl', dtype: 'f32', headDim: 128, valueDim: 128, blockM: 32, features: ['subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 13856, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_f16_d128.wgsl', dtype: 'f16', headDim: 128, valueDim: 128, blockM: 32, features: ['shader-f16'], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 10272, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_f16_d128_subgroups.wgsl', dtype: 'f16', headDim: 128, valueDim: 128, blockM: 64, features: ['shader-f16', 'subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 16160, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_bf16_d128.wgsl', dtype: 'bf16', headDim: 128, valueDim: 128, blockM: 32, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 14880, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const slidingWindowWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. `read` gives the text of a kernel's `file`. */
export const openSlidingWindow = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'f16' | 'bf16'; readonly headDim: 64 | 128 }, read: (file: string) => string | Promise<string>): Promise<Attention<SlidingWindowCaptures>> =>
  openAttention(device, slidingWindowKernels, slidingWindowWinners, wanted, read)

/** Compiles one of `slidingWindowKernels`; `source` is the text of its `file`. */
export const createSlidingWindow = (device: GPUDevice, kernel: (typeof slidingWindowKernels)[number], source: string): Promise<Attention<SlidingWindowCaptures>> =>
  createAttention(device, kernel, source)
