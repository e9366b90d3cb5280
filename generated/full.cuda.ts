// serrate 0.1.0: CUDA launcher of full for Node (definition e39714a8ee533945, kernels/full.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface FullCudaCaptures {
}

export interface FullCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64 | 128
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadFull = (device: Device, kernel: FullCudaKernel): Promise<CudaAttention<FullCudaCaptures>> =>
  loadAttention(device, 'full', kernel)
