// serrate 0.1.0: WebGPU launcher of pair_bias (definition 543ddf823c9eee1c, kernels/pair_bias.ts:4). Written by `serrate generate`.
import { type Attention, createAttention, type Kernel, openAttention, type DensePair, type Winner } from './launch/webgpu.ts'

export interface PairBiasCaptures {
  /** pair f32, [sequences, Hr, rows, columns] */
  readonly bias: DensePair<Float32Array>
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
  captureParams: [{ type: 'u32', source: 'base:bias' }, { type: 'u32', source: 'group:bias' }, { type: 'u32', source: 'rows:bias' }, { type: 'u32', source: 'columns:bias' }],
  buffers: [{ name: 'q', binding: 1, written: false, entries: ['attention'] }, { name: 'k', binding: 2, written: false, entries: ['attention'] }, { name: 'v', binding: 3, written: false, entries: ['attention'] }, { name: 'out', binding: 4, written: true, entries: ['attention'] }, { name: 'lse', binding: 5, written: true, entries: ['attention'] }, { name: 'tiles', binding: 6, written: false, entries: ['tiles', 'attention'] }, { name: 'seq_offsets', binding: 7, written: false, entries: ['tiles'] }, { name: 'kv_offsets', binding: 8, written: false, entries: ['tiles'] }, { name: 'kv_index', binding: 9, written: false, entries: ['tiles'] }, { name: 'captures_f32', binding: 10, written: false, entries: ['attention'] }],
  captures: [{ name: 'bias', dtype: 'f32', kind: 'pair', perHead: true, layout: 'dense' }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel; `features` and `subgroupLanes` say what the device must have. */
export const pairBiasKernels = [
  { ...common, file: 'wgsl/pair_bias/pair_bias_f32_d64.wgsl', dtype: 'f32', features: [], limits: { maxComputeWorkgroupStorageSize: 14880, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 7 } },
  { ...common, file: 'wgsl/pair_bias/pair_bias_f16_d64.wgsl', dtype: 'f16', features: ['shader-f16'], limits: { maxComputeWorkgroupStorageSize: 12320, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 7 } },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const pairBiasWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. `read` gives the text of a kernel's `file`. */
export const openPairBias = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'f16'; readonly headDim: 64 }, read: (file: string) => string | Promise<string>): Promise<Attention<PairBiasCaptures>> =>
  openAttention(device, pairBiasKernels, pairBiasWinners, wanted, read)

/** Compiles one of `pairBiasKernels`; `source` is the text of its `file`. */
export const createPairBias = (device: GPUDevice, kernel: (typeof pairBiasKernels)[number], source: string): Promise<Attention<PairBiasCaptures>> =>
  createAttention(device, kernel, source)
