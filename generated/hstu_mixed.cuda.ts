// serrate 0.1.0: CUDA launcher of hstu_mixed for Node (definition 5e418cf0b23b0b25, kernels/hstu_mixed.ts:5). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface HstuMixedCudaCaptures {
  /** scalar i32, one number */
  readonly softmaxHeads: number
  /** scalar i32, one number */
  readonly maxSeqLen: number
}

export interface HstuMixedCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadHstuMixed = (device: Device, kernel: HstuMixedCudaKernel): Promise<CudaAttention<HstuMixedCudaCaptures>> =>
  loadAttention(device, 'hstu_mixed', kernel)
