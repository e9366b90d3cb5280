// serrate 0.1.0: CUDA launcher of pma for Node (definition 43c1560486155760, kernels/pma.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface PmaCudaCaptures {
}

export interface PmaCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes the same `queryRows` queries for every sequence, [queryRows, heads, dim]; its `layout` can say otherwise. */
export const loadPma = (device: Device, kernel: PmaCudaKernel): Promise<CudaAttention<PmaCudaCaptures>> =>
  loadAttention(device, 'pma', kernel)
