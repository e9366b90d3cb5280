// serrate 0.1.0: CUDA launcher of jagged_bias for Node (definition 3a7cf5597f0dcc08, kernels/jagged_bias.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface JaggedBiasCudaCaptures {
  /** pair f32, [sum of qLen * kvLen] */
  readonly bias: Float32Array | { readonly values: Float32Array }
}

export interface JaggedBiasCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadJaggedBias = (device: Device, kernel: JaggedBiasCudaKernel): Promise<CudaAttention<JaggedBiasCudaCaptures>> =>
  loadAttention(device, 'jagged_bias', kernel)
