// serrate 0.1.0: CUDA launcher of cross_causal for Node (definition de97300bbcf3026e, kernels/cross_causal.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface CrossCausalCudaCaptures {
}

export interface CrossCausalCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64 | 128
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes jagged queries and jagged keys, each with offsets; the last query has the position of the last key; its `layout` can say otherwise. */
export const loadCrossCausal = (device: Device, kernel: CrossCausalCudaKernel): Promise<CudaAttention<CrossCausalCudaCaptures>> =>
  loadAttention(device, 'cross_causal', kernel)
