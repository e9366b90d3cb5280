// serrate 0.1.0: CUDA launcher of targets for Node (definition 7ad3772c57ff1c95, kernels/targets.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface TargetsCudaCaptures {
  /** perSequence i32, [sequences] */
  readonly numTargets: Int32Array
}

export interface TargetsCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadTargets = (device: Device, kernel: TargetsCudaKernel): Promise<CudaAttention<TargetsCudaCaptures>> =>
  loadAttention(device, 'targets', kernel)
