// serrate 0.1.0: WebGPU launcher of sliding_window (definition e016ff4b2b3fa48d, kernels/sliding_window.ts:4). Written by `serrate generate`.
import { type Attention, createAttention, type Kernel, openAttention, type Winner } from './launch/webgpu.ts'

export interface SlidingWindowCaptures {
  /** scalar i32, one number */
  readonly window: number
}

const common = {
  lse: true,
  smScale: { kind: 'default' },
  params: [{ type: 'u32', source: 'sequences' }, { type: 'u32', source: 'heads' }, { type: 'u32', source: 'rows' }, { type: 'u32', source: 'maxTiles' }, { type: 'u32', source: 'offsetWords' }, { type: 'f32', source: 'smScale' }, { type: 'i32', source: 'scalar:window' }],
  buffers: [{ name: 'q', binding: 1, written: false, entries: ['attention'] }, { name: 'k', binding: 2, written: false, entries: ['attention'] }, { name: 'v', binding: 3, written: false, entries: ['attention'] }, { name: 'out', binding: 4, written: true, entries: ['attention'] }, { name: 'lse', binding: 5, written: true, entries: ['attention'] }, { name: 'tiles', binding: 6, written: false, entries: ['tiles', 'attention'] }, { name: 'seq_offsets', binding: 7, written: false, entries: ['tiles'] }],
  captures: [{ name: 'window', dtype: 'i32', kind: 'scalar', perHead: false }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel; `features` and `subgroupLanes` say what the device must have. */
export const slidingWindowKernels = [
  { ...common, file: 'wgsl/sliding_window/sliding_window_f32_d64.wgsl', dtype: 'f32', headDim: 64, blockM: 32, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 14864, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_f32_d64_subgroups.wgsl', dtype: 'f32', headDim: 64, blockM: 32, features: ['subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 13840, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_f16_d64.wgsl', dtype: 'f16', headDim: 64, blockM: 32, features: ['shader-f16'], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 12304, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_f16_d64_subgroups.wgsl', dtype: 'f16', headDim: 64, blockM: 64, features: ['shader-f16', 'subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 16144, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_f32_d128.wgsl', dtype: 'f32', headDim: 128, blockM: 32, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 14864, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_f32_d128_subgroups.wgsl', dtype: 'f32', headDim: 128, blockM: 32, features: ['subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 13840, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_f16_d128.wgsl', dtype: 'f16', headDim: 128, blockM: 32, features: ['shader-f16'], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 10256, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_f16_d128_subgroups.wgsl', dtype: 'f16', headDim: 128, blockM: 64, features: ['shader-f16', 'subgroups'], subgroupLanes: 8, limits: { maxComputeWorkgroupStorageSize: 16144, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/sliding_window/sliding_window_f32_d64_0ecc570d.wgsl', tuned: true, dtype: 'f32', headDim: 64, blockM: 16, features: [], subgroupLanes: 0, limits: { maxComputeWorkgroupStorageSize: 10256, maxComputeInvocationsPerWorkgroup: 8, maxComputeWorkgroupSizeX: 8, maxStorageBuffersPerShaderStage: 6 } },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const slidingWindowWinners: readonly Winner[] = [
  { device: 'SwiftShader', dtype: 'f32', headDim: 64, file: 'wgsl/sliding_window/sliding_window_f32_d64_0ecc570d.wgsl', ms: 17.7535685, defaultMs: 20.315206 },
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openSlidingWindow = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'f16'; readonly headDim: 64 | 128 }, read: (file: string) => string | Promise<string>): Promise<Attention<SlidingWindowCaptures>> =>
  openAttention(device, slidingWindowKernels, slidingWindowWinners, wanted, read)

/** Compiles one of `slidingWindowKernels`; `source` is the text of its `file`. */
export const createSlidingWindow = (device: GPUDevice, kernel: (typeof slidingWindowKernels)[number], source: string): Promise<Attention<SlidingWindowCaptures>> =>
  createAttention(device, kernel, source)
