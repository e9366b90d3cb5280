// serrate 0.1.0: CUDA launcher of shared_target_attention for Node (definition ee3e20c305c7bd2e, kernels/shared_target_attention.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface SharedTargetAttentionCudaCaptures {
}

export interface SharedTargetAttentionCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes `queryRows` queries for every sequence, [sequences, queryRows, heads, dim]; sequences share keys through `kvIndex`; its `layout` can say otherwise. */
export const loadSharedTargetAttention = (device: Device, kernel: SharedTargetAttentionCudaKernel): Promise<CudaAttention<SharedTargetAttentionCudaCaptures>> =>
  loadAttention(device, 'shared_target_attention', kernel)
