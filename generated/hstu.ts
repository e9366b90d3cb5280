// serrate 0.1.0: WebGPU launcher of hstu (definition 45b9089ed3bf2ef7, kernels/hstu.ts:10). Written by `serrate generate`.
import { type Attention, createAttention, type Kernel, openAttention, type Values, type Winner } from './launch/webgpu.ts'

export interface HstuCaptures {
  /** perSequence i32, [sequences] */
  readonly numTargets: Values<Int32Array>
  /** scalar i32, one number; default 0 */
  readonly contextual?: number
  /** scalar i32, one number; default 0 */
  readonly maxAttnLen?: number
  /** scalar i32, one number */
  readonly maxSeqLen: number
  /** scalar f32, one number */
  readonly alpha: number
}

const common = {
  subgroupLanes: 0,
  lse: false,
  smScale: { kind: 'capture', name: 'alpha' },
  params: [{ type: 'u32', source: 'sequences' }, { type: 'u32', source: 'heads' }, { type: 'u32', source: 'rows' }, { type: 'u32', source: 'maxTiles' }, { type: 'u32', source: 'offsetWords' }, { type: 'f32', source: 'smScale' }, { type: 'i32', source: 'scalar:contextual' }, { type: 'i32', source: 'scalar:maxAttnLen' }, { type: 'i32', source: 'scalar:maxSeqLen' }, { type: 'u32', source: 'base:numTargets' }],
  buffers: [{ name: 'q', binding: 1, written: false, entries: ['attention'] }, { name: 'k', binding: 2, written: false, entries: ['attention'] }, { name: 'v', binding: 3, written: false, entries: ['attention'] }, { name: 'out', binding: 4, written: true, entries: ['attention'] }, { name: 'tiles', binding: 5, written: false, entries: ['tiles', 'attention'] }, { name: 'seq_offsets', binding: 6, written: false, entries: ['tiles'] }, { name: 'captures_i32', binding: 7, written: false, entries: ['attention'] }],
  captures: [{ name: 'numTargets', dtype: 'i32', kind: 'perSequence', perHead: false }, { name: 'contextual', dtype: 'i32', kind: 'scalar', perHead: false, default: 0 }, { name: 'maxAttnLen', dtype: 'i32', kind: 'scalar', perHead: false, default: 0 }, { name: 'maxSeqLen', dtype: 'i32', kind: 'scalar', perHead: false }, { name: 'alpha', dtype: 'f32', kind: 'scalar', perHead: false }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel; `features` and `subgroupLanes` say what the device must have. */
export const hstuKernels = [
  { ...common, file: 'wgsl/hstu/hstu_f32_d64.wgsl', dtype: 'f32', headDim: 64, blockM: 32, features: [], limits: { maxComputeWorkgroupStorageSize: 14096, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/hstu/hstu_f16_d64.wgsl', dtype: 'f16', headDim: 64, blockM: 32, features: ['shader-f16'], limits: { maxComputeWorkgroupStorageSize: 11536, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/hstu/hstu_f32_d128.wgsl', dtype: 'f32', headDim: 128, blockM: 32, features: [], limits: { maxComputeWorkgroupStorageSize: 14096, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/hstu/hstu_f16_d128.wgsl', dtype: 'f16', headDim: 128, blockM: 32, features: ['shader-f16'], limits: { maxComputeWorkgroupStorageSize: 15632, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/hstu/hstu_f32_d64_26f152ed.wgsl', tuned: true, dtype: 'f32', headDim: 64, blockM: 32, features: [], limits: { maxComputeWorkgroupStorageSize: 22096, maxComputeInvocationsPerWorkgroup: 16, maxComputeWorkgroupSizeX: 16, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/hstu/hstu_f32_d64_230a23ca.wgsl', tuned: true, dtype: 'f32', headDim: 64, blockM: 32, features: [], limits: { maxComputeWorkgroupStorageSize: 13840, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/hstu/hstu_f32_d128_72a1736f.wgsl', tuned: true, dtype: 'f32', headDim: 128, blockM: 32, features: [], limits: { maxComputeWorkgroupStorageSize: 13840, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/hstu/hstu_f16_d64_5f6ef45e.wgsl', tuned: true, dtype: 'f16', headDim: 64, blockM: 32, features: ['shader-f16'], limits: { maxComputeWorkgroupStorageSize: 9232, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/hstu/hstu_f16_d128_e1fa7da9.wgsl', tuned: true, dtype: 'f16', headDim: 128, blockM: 64, features: ['shader-f16'], limits: { maxComputeWorkgroupStorageSize: 22800, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 6 } },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const hstuWinners: readonly Winner[] = [
  { device: 'SwiftShader', dtype: 'f32', headDim: 64, file: 'wgsl/hstu/hstu_f32_d64_26f152ed.wgsl', ms: 33.829653, defaultMs: 37.054265 },
  { device: 'nvidia-h100-80gb-hbm3', dtype: 'f32', headDim: 64, file: 'wgsl/hstu/hstu_f32_d64_230a23ca.wgsl', ms: 1.007776, defaultMs: 4.792288 },
  { device: 'nvidia-h100-80gb-hbm3', dtype: 'f32', headDim: 128, file: 'wgsl/hstu/hstu_f32_d128_72a1736f.wgsl', ms: 4.732992, defaultMs: 5.006752 },
  { device: 'nvidia-h100-80gb-hbm3', dtype: 'f16', headDim: 64, file: 'wgsl/hstu/hstu_f16_d64_5f6ef45e.wgsl', ms: 0.72576, defaultMs: 3.773408 },
  { device: 'nvidia-h100-80gb-hbm3', dtype: 'f16', headDim: 128, file: 'wgsl/hstu/hstu_f16_d128_e1fa7da9.wgsl', ms: 2.000832, defaultMs: 3.17136 },
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. `read` gives the text of a kernel's `file`. */
export const openHstu = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'f16'; readonly headDim: 64 | 128 }, read: (file: string) => string | Promise<string>): Promise<Attention<HstuCaptures>> =>
  openAttention(device, hstuKernels, hstuWinners, wanted, read)

/** Compiles one of `hstuKernels`; `source` is the text of its `file`. */
export const createHstu = (device: GPUDevice, kernel: (typeof hstuKernels)[number], source: string): Promise<Attention<HstuCaptures>> =>
  createAttention(device, kernel, source)
