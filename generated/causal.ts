// serrate 0.1.0: WebGPU launcher of causal (definition 2353734be153df58, kernels/causal.ts:4). Written by `serrate generate`.
import { type Attention, createAttention, type Kernel } from './launch/webgpu.ts'

export interface CausalCaptures {
}

const common = {
  blockM: 32,
  lse: true,
  smScale: { kind: 'default' },
  params: [{ type: 'u32', source: 'sequences' }, { type: 'u32', source: 'heads' }, { type: 'u32', source: 'rows' }, { type: 'u32', source: 'maxTiles' }, { type: 'u32', source: 'offsetWords' }, { type: 'f32', source: 'smScale' }],
  buffers: [{ name: 'q', binding: 1, written: false, entries: ['attention'] }, { name: 'k', binding: 2, written: false, entries: ['attention'] }, { name: 'v', binding: 3, written: false, entries: ['attention'] }, { name: 'out', binding: 4, written: true, entries: ['attention'] }, { name: 'lse', binding: 5, written: true, entries: ['attention'] }, { name: 'tiles', binding: 6, written: false, entries: ['tiles', 'attention'] }, { name: 'seq_offsets', binding: 7, written: false, entries: ['tiles'] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel; `features` and `subgroupLanes` say what the device must have. */
export const causalKernels = [
  { ...common, file: 'wgsl/causal/causal_f32_d64.wgsl', dtype: 'f32', headDim: 64, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 14864, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f32_d64_subgroups.wgsl', dtype: 'f32', headDim: 64, features: ['subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 13840, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f16_d64.wgsl', dtype: 'f16', headDim: 64, features: ['shader-f16'], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 12304, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f16_d64_subgroups.wgsl', dtype: 'f16', headDim: 64, features: ['shader-f16', 'subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 11280, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f32_d128.wgsl', dtype: 'f32', headDim: 128, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 14864, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f32_d128_subgroups.wgsl', dtype: 'f32', headDim: 128, features: ['subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 13840, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f16_d128.wgsl', dtype: 'f16', headDim: 128, features: ['shader-f16'], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 10256, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f16_d128_subgroups.wgsl', dtype: 'f16', headDim: 128, features: ['shader-f16', 'subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 15376, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
] as const satisfies readonly Kernel[]

/** Compiles one of `causalKernels`; `source` is the text of its `file`. */
export const createCausal = (device: GPUDevice, kernel: (typeof causalKernels)[number], source: string): Promise<Attention<CausalCaptures>> =>
  createAttention(device, kernel, source)
