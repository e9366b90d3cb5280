// serrate 0.1.0: CUDA launcher of hstu_bias for Node (definition e2758fdc85524913, kernels/hstu_bias.ts:5). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface HstuBiasCudaCaptures {
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
  /** perToken f32, [rows], of the queries' and of the keys' rows where they differ */
  readonly timestamps: Float32Array | { readonly q: Float32Array; readonly kv: Float32Array }
  /** table f32, [length] */
  readonly timeBias: Float32Array
  /** table f32, [length] */
  readonly positionBias: Float32Array
  /** scalar f32, one number */
  readonly alpha: number
}

export interface HstuBiasCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadHstuBias = (device: Device, kernel: HstuBiasCudaKernel): Promise<CudaAttention<HstuBiasCudaCaptures>> =>
  loadAttention(device, 'hstu_bias', kernel)
