// serrate 0.1.0: CUDA launcher of hstu for Node (definition b7474930d60c6e9b, kernels/hstu.ts:11). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface HstuCudaCaptures {
  /** perSequence i32, [sequences] */
  readonly numTargets: Int32Array
  /** scalar i32, one number; default 0 */
  readonly contextual?: number
  /** scalar i32, one number; default 0 */
  readonly maxAttnLen?: number
  /** scalar i32, one number; default 0 */
  readonly minFullAttnSeqLen?: number
  /** scalar i32, one number */
  readonly maxSeqLen: number
  /** scalar f32, one number */
  readonly alpha: number
}

export interface HstuCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64 | 128
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadHstu = (device: Device, kernel: HstuCudaKernel): Promise<CudaAttention<HstuCudaCaptures>> =>
  loadAttention(device, 'hstu', kernel)
