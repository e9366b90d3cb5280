// serrate 0.1.0: WebGPU launcher of shared_target_attention (definition ee3e20c305c7bd2e, kernels/shared_target_attention.ts:4). Written by `serrate generate`.
import { type Attention, createAttention, type Kernel, openAttention, type Winner } from './launch/webgpu.ts'

export interface SharedTargetAttentionCaptures {
}

const common = {
  headDim: 64,
  valueDim: 64,
  layout: { queries: 'dense', align: 'start' },
  blockM: 32,
  split: 1,
  pack: false,
  gqa: false,
  subgroupLanes: 0,
  lse: true,
  smScale: { kind: 'default' },
  captureParams: [],
  buffers: [{ name: 'q', binding: 1, written: false, entries: ['attention'] }, { name: 'k', binding: 2, written: false, entries: ['attention'] }, { name: 'v', binding: 3, written: false, entries: ['attention'] }, { name: 'out', binding: 4, written: true, entries: ['attention'] }, { name: 'lse', binding: 5, written: true, entries: ['attention'] }, { name: 'tiles', binding: 6, written: false, entries: ['tiles', 'attention'] }, { name: 'seq_offsets', binding: 7, written: false, entries: ['tiles'] }, { name: 'kv_offsets', binding: 8, written: false, entries: ['tiles'] }, { name: 'kv_index', binding: 9, written: false, entries: ['tiles'] }],
  captures: [],
} as const satisfies Partial<Kernel>

/** Every emitted kernel; `features` and `subgroupLanes` say what the device must have. */
export const sharedTargetAttentionKernels = [
  { ...common, file: 'wgsl/shared_target_attention/shared_target_attention_f32_d64.wgsl', dtype: 'f32', features: [], limits: { maxComputeWorkgroupStorageSize: 14880, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/shared_target_attention/shared_target_attention_f16_d64.wgsl', dtype: 'f16', features: ['shader-f16'], limits: { maxComputeWorkgroupStorageSize: 12320, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const sharedTargetAttentionWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. A launch takes `queryRows` queries for every sequence, [sequences, queryRows, heads, dim]; sequences share keys through `kvIndex`; its `layout` can say otherwise. `read` gives the text of a kernel's `file`. */
export const openSharedTargetAttention = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'f16'; readonly headDim: 64 }, read: (file: string) => string | Promise<string>): Promise<Attention<SharedTargetAttentionCaptures>> =>
  openAttention(device, sharedTargetAttentionKernels, sharedTargetAttentionWinners, wanted, read)

/** Compiles one of `sharedTargetAttentionKernels`; `source` is the text of its `file`. */
export const createSharedTargetAttention = (device: GPUDevice, kernel: (typeof sharedTargetAttentionKernels)[number], source: string): Promise<Attention<SharedTargetAttentionCaptures>> =>
  createAttention(device, kernel, source)
