// serrate 0.1.0: CUDA launcher of gdpa_fast_gelu_bf16 for Node (definition be5037ede6bd886e, kernels/gdpa_fast_gelu_bf16.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface GdpaFastGeluBf16CudaCaptures {
  /** scalar f32, one number; default 1 */
  readonly qkScale?: number
}

export interface GdpaFastGeluBf16CudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadGdpaFastGeluBf16 = (device: Device, kernel: GdpaFastGeluBf16CudaKernel): Promise<CudaAttention<GdpaFastGeluBf16CudaCaptures>> =>
  loadAttention(device, 'gdpa_fast_gelu_bf16', kernel)
