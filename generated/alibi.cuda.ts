// serrate 0.1.0: CUDA launcher of alibi for Node (definition 9aaf2ed7e31343f8, kernels/alibi.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface AlibiCudaCaptures {
  /** perHead f32, [heads] */
  readonly slope: Float32Array
}

export interface AlibiCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64 | 128
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadAlibi = (device: Device, kernel: AlibiCudaKernel): Promise<CudaAttention<AlibiCudaCaptures>> =>
  loadAttention(device, 'alibi', kernel)
