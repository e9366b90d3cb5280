// serrate 0.1.0: CUDA launcher of gdpa_hardswish for Node (definition 500cd77dcb9ac3ed, kernels/gdpa_hardswish.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface GdpaHardswishCudaCaptures {
  /** scalar f32, one number; default 1 */
  readonly qkScale?: number
}

export interface GdpaHardswishCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadGdpaHardswish = (device: Device, kernel: GdpaHardswishCudaKernel): Promise<CudaAttention<GdpaHardswishCudaCaptures>> =>
  loadAttention(device, 'gdpa_hardswish', kernel)
