// serrate 0.1.0: CUDA launcher of block_diagonal for Node (definition 8fab03f2b3aef96f, kernels/block_diagonal.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface BlockDiagonalCudaCaptures {
}

export interface BlockDiagonalCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadBlockDiagonal = (device: Device, kernel: BlockDiagonalCudaKernel): Promise<CudaAttention<BlockDiagonalCudaCaptures>> =>
  loadAttention(device, 'block_diagonal', kernel)
