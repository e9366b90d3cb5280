// serrate 0.1.0: CUDA launcher of sll_jagged_flash_attention_masked for Node (definition 8fc5695652dc0f98, kernels/sll_jagged_flash_attention_masked.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface SllJaggedFlashAttentionMaskedCudaCaptures {
  /** scalar f32, one number */
  readonly maxSeqLen: number
}

export interface SllJaggedFlashAttentionMaskedCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadSllJaggedFlashAttentionMasked = (device: Device, kernel: SllJaggedFlashAttentionMaskedCudaKernel): Promise<CudaAttention<SllJaggedFlashAttentionMaskedCudaCaptures>> =>
  loadAttention(device, 'sll_jagged_flash_attention_masked', kernel)
