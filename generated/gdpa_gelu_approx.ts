// serrate 0.1.0: WebGPU launcher of gdpa_gelu_approx (definition 8eb897337ad343f1, kernels/gdpa_gelu_approx.ts:4). Written by `serrate generate`.
import { type Attention, createAttention, type Kernel, openAttention, type Winner } from './launch/webgpu.ts'

export interface GdpaGeluApproxCaptures {
  /** scalar f32, one number; default 1 */
  readonly qkScale?: number
}

const common = {
  headDim: 64,
  valueDim: 64,
  layout: { queries: 'self', align: 'start' },
  split: 1,
  pack: false,
  gqa: false,
  subgroupLanes: 0,
  lse: false,
  smScale: { kind: 'const', value: 1 },
  captureParams: [{ type: 'f32', source: 'scalar:qkScale' }],
  buffers: [{ name: 'q', binding: 1, written: false, entries: ['attention'] }, { name: 'k', binding: 2, written: false, entries: ['attention'] }, { name: 'v', binding: 3, written: false, entries: ['attention'] }, { name: 'out', binding: 4, written: true, entries: ['attention'] }, { name: 'tiles', binding: 5, written: false, entries: ['tiles', 'attention'] }, { name: 'seq_offsets', binding: 6, written: false, entries: ['tiles'] }, { name: 'kv_offsets', binding: 7, written: false, entries: ['tiles'] }, { name: 'kv_index', binding: 8, written: false, entries: ['tiles'] }],
  captures: [{ name: 'qkScale', dtype: 'f32', kind: 'scalar', perHead: false, default: 1 }],
} as const satisfies Partial<Kernel>

/** Every emitted kernel; `features` and `subgroupLanes` say what the device must have. */
export const gdpaGeluApproxKernels = [
  { ...common, file: 'wgsl/gdpa_gelu_approx/gdpa_gelu_approx_f32_d64.wgsl', dtype: 'f32', blockM: 32, features: [], limits: { maxComputeWorkgroupStorageSize: 13856, maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64, maxStorageBuffersPerShaderStage: 5 } },
  { ...common, file: 'wgsl/gdpa_gelu_approx/gdpa_gelu_approx_f16_d64.wgsl', dtype: 'f16', blockM: 64, features: ['shader-f16'], limits: { maxComputeWorkgroupStorageSize: 16160, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128, maxStorageBuffersPerShaderStage: 5 } },
] as const satisfies readonly Kernel[]

/** The fastest kernels of a search, by the adapter that it ran on. */
export const gdpaGeluApproxWinners: readonly Winner[] = [
]

/** Picks the kernel for this device, the recorded winner of its adapter or else the default one, and compiles it; `picked` says which and why. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. `read` gives the text of a kernel's `file`. */
export const openGdpaGeluApprox = (device: GPUDevice, wanted: { readonly dtype: 'f32' | 'f16'; readonly headDim: 64 }, read: (file: string) => string | Promise<string>): Promise<Attention<GdpaGeluApproxCaptures>> =>
  openAttention(device, gdpaGeluApproxKernels, gdpaGeluApproxWinners, wanted, read)

/** Compiles one of `gdpaGeluApproxKernels`; `source` is the text of its `file`. */
export const createGdpaGeluApprox = (device: GPUDevice, kernel: (typeof gdpaGeluApproxKernels)[number], source: string): Promise<Attention<GdpaGeluApproxCaptures>> =>
  createAttention(device, kernel, source)
