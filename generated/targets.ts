// serrate 0.1.0: WebGPU launcher of targets (definition 7ad3772c57ff1c95, kernels/targets.ts:4). Written by `serrate generate`.
import { type Attention, createAttention, type Kernel, openAttention, type Values, type Winner } from './launch/webgpu.ts'

export interface TargetsCaptures {
  /** perSequence i32, [sequences] */
  readonly numTargets: Values<Int32Array>
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
  captureParams: [{ type: 'u32', source: 'base:numTargets' }],
  buffers: [{ name: 'q', binding: 1, written: false, entries: ['attention'] }, { name: 'k', binding: 2, written: false, entries: ['attention'] }, { name: 'v', binding: 3, written: false, entries: ['attention'] }, { name: 'out', binding: 4, written: true, entries: ['attention'] }, { name: 'lse', binding: 5, written: true, entries: ['attention'] }, { name: 'tiles', binding: 6, written: false, entries: ['tiles', 'attention'] }, { name: 'seq_offsets', binding: 7, written: false, entries: ['tiles'] }, { name: 'kv_offsets', binding: 8, written: false, entries: ['tiles'] }, { name: 'kv_index', binding: 9, written: false, entries: ['tiles'] }, { name: 'captures_i32', binding: 10, written: false, entries: ['attention'] }],
  captures: [{ name: 'numTargets', dtype: 'i32', kind: 'perSequence', perHead: false }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel; `features` and `subgroupLanes` say what the device must have. */
export const targetsKernels = [
  { ...common, file: 'wgsl/targets/targets_f32_d64.wgsl', dtype: 'f32', features: [], limits: { maxComputeWorkgroupStorageSize: 15136, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 7 } },
  { ...common, file: 'wgsl/targets/targets_f16_d64.wgsl', dtype: 'f16', features: ['shader-f16'], limits: { maxComputeWorkgroupStorageSize: 12576, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 7 } },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const targetsWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. `read` gives the text of a kernel's `file`. */
export const openTargets = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'f16'; readonly headDim: 64 }, read: (file: string) => string | Promise<string>): Promise<Attention<TargetsCaptures>> =>
  openAttention(device, targetsKernels, targetsWinners, wanted, read)

/** Compiles one of `targetsKernels`; `source` is the text of its `file`. */
export const createTargets = (device: GPUDevice, kernel: (typeof targetsKernels)[number], source: string): Promise<Attention<TargetsCaptures>> =>
  createAttention(device, kernel, source)
