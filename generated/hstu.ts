// serrate 0.1.0: WebGPU launcher of hstu (definition 45b9089ed3bf2ef7, kernels/hstu.ts:10). Written by `serrate generate`.
import { type Attention, createAttention, type Kernel, type Values } from './launch/webgpu.ts'

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
  blockM: 32,
  subgroupLanes: 0,
  lse: false,
  smScale: { kind: 'capture', name: 'alpha' },
  params: [{ type: 'u32', source: 'sequences' }, { type: 'u32', source: 'heads' }, { type: 'u32', source: 'rows' }, { type: 'u32', source: 'maxTiles' }, { type: 'u32', source: 'offsetWords' }, { type: 'f32', source: 'smScale' }, { type: 'i32', source: 'scalar:contextual' }, { type: 'i32', source: 'scalar:maxAttnLen' }, { type: 'i32', source: 'scalar:maxSeqLen' }, { type: 'u32', source: 'base:numTargets' }],
  buffers: [{ name: 'q', binding: 1, written: false, entries: ['attention'] }, { name: 'k', binding: 2, written: false, entries: ['attention'] }, { name: 'v', binding: 3, written: false, entries: ['attention'] }, { name: 'out', binding: 4, written: true, entries: ['attention'] }, { name: 'tiles', binding: 5, written: false, entries: ['tiles', 'attention'] }, { name: 'seq_offsets', binding: 6, written: false, entries: ['tiles'] }, { name: 'captures_i32', binding: 7, written: false, entries: ['attention'] }],
  captures: [{ name: 'numTargets', dtype: 'i32', kind: 'perSequence', perHead: false }, { name: 'contextual', dtype: 'i32', kind: 'scalar', perHead: false, default: 0 }, { name: 'maxAttnLen', dtype: 'i32', kind: 'scalar', perHead: false, default: 0 }, { name: 'maxSeqLen', dtype: 'i32', kind: 'scalar', perHead: false }, { name: 'alpha', dtype: 'f32', kind: 'scalar', perHead: false }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel; `features` and `subgroupLanes` say what the device must have. */
export const hstuKernels = [
  { ...common, file: 'wgsl/hstu/hstu_f32_d64.wgsl', dtype: 'f32', headDim: 64, features: [], limits: { maxComputeWorkgroupStorageSize: 14096, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/hstu/hstu_f16_d64.wgsl', dtype: 'f16', headDim: 64, features: ['shader-f16'], limits: { maxComputeWorkgroupStorageSize: 11536, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/hstu/hstu_f32_d128.wgsl', dtype: 'f32', headDim: 128, features: [], limits: { maxComputeWorkgroupStorageSize: 14096, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/hstu/hstu_f16_d128.wgsl', dtype: 'f16', headDim: 128, features: ['shader-f16'], limits: { maxComputeWorkgroupStorageSize: 9488, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
] as const satisfies readonly Kernel[]

/** Compiles one of `hstuKernels`; `source` is the text of its `file`. */
export const createHstu = (device: GPUDevice, kernel: (typeof hstuKernels)[number], source: string): Promise<Attention<HstuCaptures>> =>
  createAttention(device, kernel, source)
