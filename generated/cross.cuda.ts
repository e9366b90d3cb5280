// serrate 0.1.0: CUDA launcher of cross for Node (definition a51ee06b299c130a, kernels/cross.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface CrossCudaCaptures {
}

export interface CrossCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes jagged queries and jagged keys, each with offsets; its `layout` can say otherwise. */
export const loadCross = (device: Device, kernel: CrossCudaKernel): Promise<CudaAttention<CrossCudaCaptures>> =>
  loadAttention(device, 'cross', kernel)
