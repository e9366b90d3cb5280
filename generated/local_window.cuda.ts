// serrate 0.1.0: CUDA launcher of local_window for Node (definition 3f42c111bd833dbb, kernels/local_window.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface LocalWindowCudaCaptures {
  /** scalar i32, one number */
  readonly left: number
  /** scalar i32, one number */
  readonly right: number
}

export interface LocalWindowCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadLocalWindow = (device: Device, kernel: LocalWindowCudaKernel): Promise<CudaAttention<LocalWindowCudaCaptures>> =>
  loadAttention(device, 'local_window', kernel)
