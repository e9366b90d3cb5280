// serrate 0.1.0: CUDA launcher of hstu_rows for Node (definition 0ce008ccb692e0ab, kernels/hstu_rows.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface HstuRowsCudaCaptures {
  /** perSequence i32, [sequences] */
  readonly numTargets: Int32Array
  /** scalar i32, one number; default 0 */
  readonly contextual?: number
  /** scalar i32, one number; default 0 */
  readonly maxAttnLen?: number
  /** scalar i32, one number; default 0 */
  readonly minFullAttnSeqLen?: number
  /** perToken f32, [rows], of the queries' and of the keys' rows where they differ */
  readonly attnScale: Float32Array | { readonly q: Float32Array; readonly kv: Float32Array }
  /** scalar f32, one number */
  readonly alpha: number
}

export interface HstuRowsCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadHstuRows = (device: Device, kernel: HstuRowsCudaKernel): Promise<CudaAttention<HstuRowsCudaCaptures>> =>
  loadAttention(device, 'hstu_rows', kernel)
