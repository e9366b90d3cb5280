// serrate 0.1.0: CUDA launcher of relative_bias for Node (definition 793a66b7af4da148, kernels/relative_bias.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface RelativeBiasCudaCaptures {
  /** table f32, [heads, length] */
  readonly bias: Float32Array
}

export interface RelativeBiasCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64 | 128
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadRelativeBias = (device: Device, kernel: RelativeBiasCudaKernel): Promise<CudaAttention<RelativeBiasCudaCaptures>> =>
  loadAttention(device, 'relative_bias', kernel)
