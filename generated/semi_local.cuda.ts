// serrate 0.1.0: CUDA launcher of semi_local for Node (definition 0ed7015a0b48dc4b, kernels/semi_local.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface SemiLocalCudaCaptures {
  /** scalar i32, one number */
  readonly local: number
  /** scalar i32, one number */
  readonly global: number
}

export interface SemiLocalCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadSemiLocal = (device: Device, kernel: SemiLocalCudaKernel): Promise<CudaAttention<SemiLocalCudaCaptures>> =>
  loadAttention(device, 'semi_local', kernel)
