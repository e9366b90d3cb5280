// serrate 0.1.0: WebGPU launcher of target_groups (definition 21159f16c381bad1, kernels/target_groups.ts:4). Written by `serrate generate`.
import { type Attention, createAttention, type Kernel, openAttention, type Values, type Winner } from './launch/webgpu.ts'

export interface TargetGroupsCaptures {
  /** perSequence i32, [sequences] */
  readonly numTargets: Values<Int32Array>
  /** scalar i32, one number */
  readonly groupSize: number
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
  captureParams: [{ type: 'i32', source: 'scalar:groupSize' }, { type: 'u32', source: 'base:numTargets' }],
  buffers: [{ name: 'q', binding: 1, written: false, entries: ['attention'] }, { name: 'k', binding: 2, written: false, entries: ['attention'] }, { name: 'v', binding: 3, written: false, entries: ['attention'] }, { name: 'out', binding: 4, written: true, entries: ['attention'] }, { name: 'lse', binding: 5, written: true, entries: ['attention'] }, { name: 'tiles', binding: 6, written: false, entries: ['tiles', 'attention'] }, { name: 'seq_offsets', binding: 7, written: false, entries: ['tiles'] }, { name: 'kv_offsets', binding: 8, written: false, entries: ['tiles'] }, { name: 'kv_index', binding: 9, written: false, entries: ['tiles'] }, { name: 'captures_i32', binding: 10, written: false, entries: ['attention'] }],
  captures: [{ name: 'numTargets', dtype: 'i32', kind: 'perSequence', perHead: false }, { name: 'groupSize', dtype: 'i32', kind: 'scalar', perHead: false }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel; `features` and `subgroupLanes` say what the device must have. */
export const targetGroupsKernels = [
  { ...common, file: 'wgsl/target_groups/target_groups_f32_d64.wgsl', dtype: 'f32', features: [], limits: { maxComputeWorkgroupStorageSize: 15136, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 7 } },
  { ...common, file: 'wgsl/target_groups/target_groups_f16_d64.wgsl', dtype: 'f16', features: ['shader-f16'], limits: { maxComputeWorkgroupStorageSize: 12576, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 7 } },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const targetGroupsWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. `read` gives the text of a kernel's `file`. */
export const openTargetGroups = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'f16'; readonly headDim: 64 }, read: (file: string) => string | Promise<string>): Promise<Attention<TargetGroupsCaptures>> =>
  openAttention(device, targetGroupsKernels, targetGroupsWinners, wanted, read)

/** Compiles one of `targetGroupsKernels`; `source` is the text of its `file`. */
export const createTargetGroups = (device: GPUDevice, kernel: (typeof targetGroupsKernels)[number], source: string): Promise<Attention<TargetGroupsCaptures>> =>
  createAttention(device, kernel, source)
