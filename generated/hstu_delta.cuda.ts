// serrate 0.1.0: CUDA launcher of hstu_delta for Node (definition 751d18e850011a2d, kernels/hstu_delta.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface HstuDeltaCudaCaptures {
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

export interface HstuDeltaCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64 | 128
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes `queryRows` queries for every sequence, [sequences, queryRows, heads, dim]; the last query has the position of the last key; its `layout` can say otherwise. */
export const loadHstuDelta = (device: Device, kernel: HstuDeltaCudaKernel): Promise<CudaAttention<HstuDeltaCudaCaptures>> =>
  loadAttention(device, 'hstu_delta', kernel)
