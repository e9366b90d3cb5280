// serrate 0.1.0: CUDA launcher of softcap for Node (definition 412febb5faa18b37, kernels/softcap.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface SoftcapCudaCaptures {
}

export interface SoftcapCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64 | 128
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadSoftcap = (device: Device, kernel: SoftcapCudaKernel): Promise<CudaAttention<SoftcapCudaCaptures>> =>
  loadAttention(device, 'softcap', kernel)
