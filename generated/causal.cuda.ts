// serrate 0.1.0: CUDA launcher of causal for Node (definition 38edc631b5665e9f, kernels/causal.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface CausalCudaCaptures {
}

export interface CausalCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64 | 128
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadCausal = (device: Device, kernel: CausalCudaKernel): Promise<CudaAttention<CausalCudaCaptures>> =>
  loadAttention(device, 'causal', kernel)
