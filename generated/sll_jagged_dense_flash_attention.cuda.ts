// serrate 0.1.0: CUDA launcher of sll_jagged_dense_flash_attention for Node (definition 4f882a4d92ecc596, kernels/sll_jagged_dense_flash_attention.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface SllJaggedDenseFlashAttentionCudaCaptures {
  /** pair f32, [sequences, rows, columns] */
  readonly bias: { readonly values: Float32Array; readonly rows: number; readonly columns: number }
}

export interface SllJaggedDenseFlashAttentionCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes `queryRows` queries for every sequence, [sequences, queryRows, heads, dim]; its `layout` can say otherwise. */
export const loadSllJaggedDenseFlashAttention = (device: Device, kernel: SllJaggedDenseFlashAttentionCudaKernel): Promise<CudaAttention<SllJaggedDenseFlashAttentionCudaCaptures>> =>
  loadAttention(device, 'sll_jagged_dense_flash_attention', kernel)
