// serrate 0.1.0: CUDA launcher of gdpa_relu_square for Node (definition b9ceffc458411afa, kernels/gdpa_relu_square.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface GdpaReluSquareCudaCaptures {
  /** scalar f32, one number; default 1 */
  readonly qkScale?: number
}

export interface GdpaReluSquareCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadGdpaReluSquare = (device: Device, kernel: GdpaReluSquareCudaKernel): Promise<CudaAttention<GdpaReluSquareCudaCaptures>> =>
  loadAttention(device, 'gdpa_relu_square', kernel)
