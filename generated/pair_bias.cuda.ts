// serrate 0.1.0: CUDA launcher of pair_bias for Node (definition 543ddf823c9eee1c, kernels/pair_bias.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface PairBiasCudaCaptures {
  /** pair f32, [sequences, Hr, rows, columns] */
  readonly bias: { readonly values: Float32Array; readonly rows: number; readonly columns: number }
}

export interface PairBiasCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadPairBias = (device: Device, kernel: PairBiasCudaKernel): Promise<CudaAttention<PairBiasCudaCaptures>> =>
  loadAttention(device, 'pair_bias', kernel)
