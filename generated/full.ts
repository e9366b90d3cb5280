// serrate 0.1.0: WebGPU launcher of full (definition b5fe27cab81982ae, kernels/full.ts:4). Written by `serrate generate`.
import { type Attention, createAttention, type Kernel, openAttention, type Winner } from './launch/webgpu.ts'

export interface FullCaptures {
}

const common = {
  lse: true,
  smScale: { kind: 'default' },
  params: [{ type: 'u32', source: 'sequences' }, { type: 'u32', source: 'heads' }, { type: 'u32', source: 'rows' }, { type: 'u32', source: 'maxTiles' }, { type: 'u32', source: 'offsetWords' }, { type: 'f32', source: 'smScale' }],
  buffers: [{ name: 'q', binding: 1, written: false, entries: ['attention'] }, { name: 'k', binding: 2, written: false, entries: ['attention'] }, { name: 'v', binding: 3, written: false, entries: ['attention'] }, { name: 'out', binding: 4, written: true, entries: ['attention'] }, { name: 'lse', binding: 5, written: true, entries: ['attention'] }, { name: 'tiles', binding: 6, written: false, entries: ['tiles', 'attention'] }, { name: 'seq_offsets', binding: 7, written: false, entries: ['tiles'] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel; `features` and `subgroupLanes` say what the device must have. */
export const fullKernels = [
  { ...common, file: 'wgsl/full/full_f32_d64.wgsl', dtype: 'f32', headDim: 64, blockM: 32, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 14864, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/full/full_f32_d64_subgroups.wgsl', dtype: 'f32', headDim: 64, blockM: 32, features: ['subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 13840, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/full/full_f16_d64.wgsl', dtype: 'f16', headDim: 64, blockM: 32, features: ['shader-f16'], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 12304, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/full/full_f16_d64_subgroups.wgsl', dtype: 'f16', headDim: 64, blockM: 64, features: ['shader-f16', 'subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 16144, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/full/full_f32_d128.wgsl', dtype: 'f32', headDim: 128, blockM: 32, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 14864, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/full/full_f32_d128_subgroups.wgsl', dtype: 'f32', headDim: 128, blockM: 32, features: ['subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 13840, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/full/full_f16_d128.wgsl', dtype: 'f16', headDim: 128, blockM: 32, features: ['shader-f16'], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 10256, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/full/full_f16_d128_subgroups.wgsl', dtype: 'f16', headDim: 128, blockM: 64, features: ['shader-f16', 'subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 16144, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/full/full_f16_d64_subgroups_065e3d3d.wgsl', tuned: true, dtype: 'f16', headDim: 64, blockM: 128, features: ['shader-f16', 'subgroups'], subgroupLanes: 4, limits: { maxComputeWorkgroupStorageSize: 28816, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/full/full_f32_d64_subgroups_2b34e883.wgsl', tuned: true, dtype: 'f32', headDim: 64, blockM: 32, features: ['subgroups'], subgroupLanes: 16, limits: { maxComputeWorkgroupStorageSize: 21776, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/full/full_f16_d128_1a78af67.wgsl', tuned: true, dtype: 'f16', headDim: 128, blockM: 64, features: ['shader-f16'], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 23312, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/full/full_f32_d128_d9c46ab9.wgsl', tuned: true, dtype: 'f32', headDim: 128, blockM: 128, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 34064, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/full/full_f32_d64_df667809.wgsl', tuned: true, dtype: 'f32', headDim: 64, blockM: 32, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 22544, maxComputeInvocationsPerWorkgroup: 16, maxComputeWorkgroupSizeX: 16, maxStorageBuffersPerShaderStage: 6 } },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const fullWinners: readonly Winner[] = [
  { device: 'nvidia-h100-80gb-hbm3', dtype: 'f16', headDim: 64, file: 'wgsl/full/full_f16_d64_subgroups_065e3d3d.wgsl', ms: 1.062976, defaultMs: 4.308704 },
  { device: 'nvidia-h100-80gb-hbm3', dtype: 'f32', headDim: 64, file: 'wgsl/full/full_f32_d64_subgroups_2b34e883.wgsl', ms: 1.609376, defaultMs: 1.789632 },
  { device: 'nvidia-h100-80gb-hbm3', dtype: 'f16', headDim: 128, file: 'wgsl/full/full_f16_d128_1a78af67.wgsl', ms: 2.915424, defaultMs: 12.287072 },
  { device: 'nvidia-h100-80gb-hbm3', dtype: 'f32', headDim: 128, file: 'wgsl/full/full_f32_d128_d9c46ab9.wgsl', ms: 5.048992, defaultMs: 10.08864 },
  { device: 'SwiftShader', dtype: 'f32', headDim: 64, file: 'wgsl/full/full_f32_d64_df667809.wgsl', ms: 38.540172, defaultMs: 61.338113 },
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openFull = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'f16'; readonly headDim: 64 | 128 }, read: (file: string) => string | Promise<string>): Promise<Attention<FullCaptures>> =>
  openAttention(device, fullKernels, fullWinners, wanted, read)

/** Compiles one of `fullKernels`; `source` is the text of its `file`. */
export const createFull = (device: GPUDevice, kernel: (typeof fullKernels)[number], source: string): Promise<Attention<FullCaptures>> =>
  createAttention(device, kernel, source)
