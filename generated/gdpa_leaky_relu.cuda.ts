// serrate 0.1.0: CUDA launcher of gdpa_leaky_relu for Node (definition 25b4cf59d6f21e57, kernels/gdpa_leaky_relu.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface GdpaLeakyReluCudaCaptures {
  /** scalar f32, one number; default 1 */
  readonly qkScale?: number
}

export interface GdpaLeakyReluCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadGdpaLeakyRelu = (device: Device, kernel: GdpaLeakyReluCudaKernel): Promise<CudaAttention<GdpaLeakyReluCudaCaptures>> =>
  loadAttention(device, 'gdpa_leaky_relu', kernel)
