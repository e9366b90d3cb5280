// serrate 0.1.0: CUDA launcher of sliding_window for Node (definition b8bf94c9fde5ffa0, kernels/sliding_window.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface SlidingWindowCudaCaptures {
  /** scalar i32, one number */
  readonly window: number
}

export interface SlidingWindowCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64 | 128
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadSlidingWindow = (device: Device, kernel: SlidingWindowCudaKernel): Promise<CudaAttention<SlidingWindowCudaCaptures>> =>
  loadAttention(device, 'sliding_window', kernel)
