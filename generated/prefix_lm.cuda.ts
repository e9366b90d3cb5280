// serrate 0.1.0: CUDA launcher of prefix_lm for Node (definition a7e12684ba7b902a, kernels/prefix_lm.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface PrefixLmCudaCaptures {
  /** perSequence i32, [sequences] */
  readonly prefix: Int32Array
}

export interface PrefixLmCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64 | 128
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadPrefixLm = (device: Device, kernel: PrefixLmCudaKernel): Promise<CudaAttention<PrefixLmCudaCaptures>> =>
  loadAttention(device, 'prefix_lm', kernel)
