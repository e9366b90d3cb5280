// serrate 0.1.0: WebGPU launcher of causal (definition 2353734be153df58, kernels/causal.ts:4). Written by `serrate generate`.
import { type Attention, createAttention, type Kernel, openAttention, type Winner } from './launch/webgpu.ts'

export interface CausalCaptures {
}

const common = {
  lse: true,
  smScale: { kind: 'default' },
  params: [{ type: 'u32', source: 'sequences' }, { type: 'u32', source: 'heads' }, { type: 'u32', source: 'rows' }, { type: 'u32', source: 'maxTiles' }, { type: 'u32', source: 'offsetWords' }, { type: 'f32', source: 'smScale' }],
  buffers: [{ name: 'q', binding: 1, written: false, entries: ['attention'] }, { name: 'k', binding: 2, written: false, entries: ['attention'] }, { name: 'v', binding: 3, written: false, entries: ['attention'] }, { name: 'out', binding: 4, written: true, entries: ['attention'] }, { name: 'lse', binding: 5, written: true, entries: ['attention'] }, { name: 'tiles', binding: 6, written: false, entries: ['tiles', 'attention'] }, { name: 'seq_offsets', binding: 7, written: false, entries: ['tiles'] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel; `features` and `subgroupLanes` say what the device must have. */
export const causalKernels = [
  { ...common, file: 'wgsl/causal/causal_f32_d64.wgsl', dtype: 'f32', headDim: 64, blockM: 32, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 14864, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f32_d64_subgroups.wgsl', dtype: 'f32', headDim: 64, blockM: 32, features: ['subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 13840, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f16_d64.wgsl', dtype: 'f16', headDim: 64, blockM: 32, features: ['shader-f16'], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 12304, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f16_d64_subgroups.wgsl', dtype: 'f16', headDim: 64, blockM: 64, features: ['shader-f16', 'subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 16144, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f32_d128.wgsl', dtype: 'f32', headDim: 128, blockM: 32, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 14864, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f32_d128_subgroups.wgsl', dtype: 'f32', headDim: 128, blockM: 32, features: ['subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 13840, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f16_d128.wgsl', dtype: 'f16', headDim: 128, blockM: 32, features: ['shader-f16'], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 10256, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f16_d128_subgroups.wgsl', dtype: 'f16', headDim: 128, blockM: 64, features: ['shader-f16', 'subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 16144, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f16_d64_subgroups_22db3f4a.wgsl', tuned: true, dtype: 'f16', headDim: 64, blockM: 64, features: ['shader-f16', 'subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 34832, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f16_d128_726ebdb1.wgsl', tuned: true, dtype: 'f16', headDim: 128, blockM: 64, features: ['shader-f16'], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 23312, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f32_d128_subgroups_0cef8dbc.wgsl', tuned: true, dtype: 'f32', headDim: 128, blockM: 64, features: ['subgroups'], subgroupLanes: 32, limits: { maxComputeWorkgroupStorageSize: 35344, maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f32_d64_subgroups_bdd86ab7.wgsl', tuned: true, dtype: 'f32', headDim: 64, blockM: 128, features: ['subgroups'], subgroupLanes: 4, limits: { maxComputeWorkgroupStorageSize: 21776, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/causal/causal_f32_d64_subgroups_e3e9e595.wgsl', tuned: true, dtype: 'f32', headDim: 64, blockM: 32, features: ['subgroups'], subgroupLanes: 4, limits: { maxComputeWorkgroupStorageSize: 22032, maxComputeInvocationsPerWorkgroup: 16, maxComputeWorkgroupSizeX: 16, maxStorageBuffersPerShaderStage: 6 } },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const causalWinners: readonly Winner[] = [
  { device: 'nvidia-h100-80gb-hbm3', dtype: 'f16', headDim: 64, file: 'wgsl/causal/causal_f16_d64_subgroups_22db3f4a.wgsl', ms: 0.736704, defaultMs: 0.864832 },
  { device: 'nvidia-h100-80gb-hbm3', dtype: 'f16', headDim: 128, file: 'wgsl/causal/causal_f16_d128_726ebdb1.wgsl', ms: 1.785024, defaultMs: 2.935936 },
  { device: 'nvidia-h100-80gb-hbm3', dtype: 'f32', headDim: 128, file: 'wgsl/causal/causal_f32_d128_subgroups_0cef8dbc.wgsl', ms: 3.625408, defaultMs: 4.672079999999999 },
  { device: 'nvidia-h100-80gb-hbm3', dtype: 'f32', headDim: 64, file: 'wgsl/causal/causal_f32_d64_subgroups_bdd86ab7.wgsl', ms: 1.05136, defaultMs: 3.245792 },
  { device: 'SwiftShader', dtype: 'f32', headDim: 64, file: 'wgsl/causal/causal_f32_d64_subgroups_e3e9e595.wgsl', ms: 25.189659, defaultMs: 28.741019 },
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openCausal = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'f16'; readonly headDim: 64 | 128 }, read: (file: string) => string | Promise<string>): Promise<Attention<CausalCaptures>> =>
  openAttention(device, causalKernels, causalWinners, wanted, read)

/** Compiles one of `causalKernels`; `source` is the text of its `file`. */
export const createCausal = (device: GPUDevice, kernel: (typeof causalKernels)[number], source: string): Promise<Attention<CausalCaptures>> =>
  createAttention(device, kernel, source)
