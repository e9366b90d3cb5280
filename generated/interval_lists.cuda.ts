// serrate 0.1.0: CUDA launcher of interval_lists for Node (definition 010567d8dde16194, kernels/interval_lists.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface IntervalListsCudaCaptures {
  /** perToken i32, [rows, 3], of the queries' and of the keys' rows where they differ */
  readonly intervals: Int32Array | { readonly q: Int32Array; readonly kv: Int32Array }
}

export interface IntervalListsCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadIntervalLists = (device: Device, kernel: IntervalListsCudaKernel): Promise<CudaAttention<IntervalListsCudaCaptures>> =>
  loadAttention(device, 'interval_lists', kernel)
