// serrate 0.1.0: CUDA launcher of sll_jagged_flash_attention for Node (definition ee2ed31eeaf23a53, kernels/sll_jagged_flash_attention.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface SllJaggedFlashAttentionCudaCaptures {
  /** scalar f32, one number */
  readonly maxSeqLen: number
}

export interface SllJaggedFlashAttentionCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadSllJaggedFlashAttention = (device: Device, kernel: SllJaggedFlashAttentionCudaKernel): Promise<CudaAttention<SllJaggedFlashAttentionCudaCaptures>> =>
  loadAttention(device, 'sll_jagged_flash_attention', kernel)
