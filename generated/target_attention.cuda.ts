// serrate 0.1.0: CUDA launcher of target_attention for Node (definition 10fac83c57570d69, kernels/target_attention.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface TargetAttentionCudaCaptures {
}

export interface TargetAttentionCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64 | 128
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes `queryRows` queries for every sequence, [sequences, queryRows, heads, dim]; its `layout` can say otherwise. */
export const loadTargetAttention = (device: Device, kernel: TargetAttentionCudaKernel): Promise<CudaAttention<TargetAttentionCudaCaptures>> =>
  loadAttention(device, 'target_attention', kernel)
