// serrate 0.1.0: CUDA launcher of sink for Node (definition 62fdf37aaf2487fb, kernels/sink.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaAttention, loadAttention } from './launch/cuda.ts'

export interface SinkCudaCaptures {
  /** perHead f32, [heads] */
  readonly sinkLogit: Float32Array
}

export interface SinkCudaKernel {
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: 64
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. A launch takes one jagged batch, queries and keys at the same offsets; its `layout` can say otherwise. */
export const loadSink = (device: Device, kernel: SinkCudaKernel): Promise<CudaAttention<SinkCudaCaptures>> =>
  loadAttention(device, 'sink', kernel)
