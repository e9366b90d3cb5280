// serrate 0.1.0: CUDA launcher of target_groups for Node (definition 21159f16c381bad1, kernels/target_groups.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface TargetGroupsCudaCaptures {
  /** perSequence i32, [sequences] */
  readonly numTargets: Int32Array
  /** scalar i32, one number */
  readonly groupSize: number
}

export interface TargetGroupsCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadTargetGroups = (device: Device, kernel: TargetGroupsCudaKernel): Promise<CudaAttention<TargetGroupsCudaCaptures>> =>
  loadAttention(device, 'target_groups', kernel)
