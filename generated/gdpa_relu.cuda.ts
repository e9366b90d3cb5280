// serrate 0.1.0: CUDA launcher of gdpa_relu for Node (definition 358b1be33482ca1c, kernels/gdpa_relu.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface GdpaReluCudaCaptures {
  /** scalar f32, one number; default 1 */
  readonly qkScale?: number
}

export interface GdpaReluCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadGdpaRelu = (device: Device, kernel: GdpaReluCudaKernel): Promise<CudaAttention<GdpaReluCudaCaptures>> =>
  loadAttention(device, 'gdpa_relu', kernel)
