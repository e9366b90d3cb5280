// serrate 0.1.0: WebGPU launcher of semi_local (definition 0ed7015a0b48dc4b, kernels/semi_local.ts:4). Written by `serrate generate`.
import { type Attention, createAttention, type Kernel, openAttention, type Winner } from './launch/webgpu.ts'

export interface SemiLocalCaptures {
  /** scalar i32, one number */
  readonly local: number
  /** scalar i32, one number */
  readonly global: number
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
  captureParams: [{ type: 'i32', source: 'scalar:local' }, { type: 'i32', source: 'scalar:global' }],
  buffers: [{ name: 'q', binding: 1, written: false, entries: ['attention'] }, { name: 'k', binding: 2, written: false, entries: ['attention'] }, { name: 'v', binding: 3, written: false, entries: ['attention'] }, { name: 'out', binding: 4, written: true, entries: ['attention'] }, { name: 'lse', binding: 5, written: true, entries: ['attention'] }, { name: 'tiles', binding: 6, written: false, entries: ['tiles', 'attention'] }, { name: 'seq_offsets', binding: 7, written: false, entries: ['tiles'] }, { name: 'kv_offsets', binding: 8, written: false, entries: ['tiles'] }, { name: 'kv_index', binding: 9, written: false, entries: ['tiles'] }],
  captures: [{ name: 'local', dtype: 'i32', kind: 'scalar', perHead: false }, { name: 'global', dtype: 'i32', kind: 'scalar', perHead: false }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel; `features` and `subgroupLanes` say what the device must have. */
export const semiLocalKernels = [
  { ...common, file: 'wgsl/semi_local/semi_local_f32_d64.wgsl', dtype: 'f32', features: [], limits: { maxComputeWorkgroupStorageSize: 15136, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
  { ...common, file: 'wgsl/semi_local/semi_local_f16_d64.wgsl', dtype: 'f16', features: ['shader-f16'], limits: { maxComputeWorkgroupStorageSize: 12576, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 6 } },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const semiLocalWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. `read` gives the text of a kernel's `file`. */
export const openSemiLocal = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'f16'; readonly headDim: 64 }, read: (file: string) => string | Promise<string>): Promise<Attention<SemiLocalCaptures>> =>
  openAttention(device, semiLocalKernels, semiLocalWinners, wanted, read)

/** Compiles one of `semiLocalKernels`; `source` is the text of its `file`. */
export const createSemiLocal = (device: GPUDevice, kernel: (typeof semiLocalKernels)[number], source: string): Promise<Attention<SemiLocalCaptures>> =>
  createAttention(device, kernel, source)
