// serrate 0.1.0: WebGPU launcher of causal (definition 38edc631b5665e9f, kernels/causal.ts:4). Written by `serrate generate`.
import { type Attention, createAttention, type Kernel, openAttention, type Winner } from './launch/webgpu.ts'

export interface CausalCaptures {
}

const common = {
  layout: { queries: 'self', align: 'start' },
  split: 1,
  pack: false,
  gqa: false,
  lse: true,
  smScale: { kind: 'default' },
  captureParams: [],
  buffers: [{ name: 'q', binding: 1, written: false, entries: ['attention'] }, { name: 'k', binding: 2, written: false, entries: ['attention'] }, { name: 'v', binding: 3, written: false, entries: ['attention'] }, { name: 'out', binding: 4, written: true, entries: ['attention'] }, { name: 'lse', binding: 5, written: true, entries: ['attention'] }, { name: 'tiles', binding: 6, written: false, entries: ['tiles', 'attention'] }, { name: 'seq_offsets', binding: 7, written: false, entries: ['tiles'] }, { name: 'kv_offsets', binding: 8, written: false, entries: ['tiles'] }, { name: 'kv_index', binding: 9, written: false, entries: ['tiles'] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel; `features` and `subgroupLanes` say what the device must have. */
export const causalKernels = [
  { ...common, file: 'wgsl/causal/causal_f32_d64.wgsl', dtype: 'f32', headDim: 64, valueDim: 64, blockM: 32, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 14880, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f32_d64_subgroups.wgsl', dtype: 'f32', headDim: 64, valueDim: 64, blockM: 32, features: ['subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 13856, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f16_d64.wgsl', dtype: 'f16', headDim: 64, valueDim: 64, blockM: 32, features: ['shader-f16'], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 12320, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f16_d64_subgroups.wgsl', dtype: 'f16', headDim: 64, valueDim: 64, blockM: 64, features: ['shader-f16', 'subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 16160, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_bf16_d64.wgsl', dtype: 'bf16', headDim: 64, valueDim: 64, blockM: 32, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 14880, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f32_d128.wgsl', dtype: 'f32', headDim: 128, valueDim: 128, blockM: 32, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 14880, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f32_d128_subgroups.wgsl', dtype: 'f32', headDim: 128, valueDim: 128, blockM: 32, features: ['subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 13856, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f16_d128.wgsl', dtype: 'f16', headDim: 128, valueDim: 128, blockM: 32, features: ['shader-f16'], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 10272, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f16_d128_subgroups.wgsl', dtype: 'f16', headDim: 128, valueDim: 128, blockM: 64, features: ['shader-f16', 'subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 16160, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_bf16_d128.wgsl', dtype: 'bf16', headDim: 128, valueDim: 128, blockM: 32, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 14880, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const causalWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. `read` gives the text of a kernel's `file`. */
export const openCausal = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'f16' | 'bf16'; readonly headDim: 64 | 128 }, read: (file: string) => string | Promise<string>): Promise<Attention<CausalCaptures>> =>
  openAttention(device, causalKernels, causalWinners, wanted, read)

/** Compiles one of `causalKernels`; `source` is the text of its `file`. */
export const createCausal = (device: GPUDevice, kernel: (typeof causalKernels)[number], source: string): Promise<Attention<CausalCaptures>> =>
  createAttention(device, kernel, source)
