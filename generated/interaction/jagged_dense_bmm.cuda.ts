// serrate 0.1.0: CUDA launcher of jagged_dense_bmm for Node (definition 5c5358e809374a72, kernels/interaction/jagged_dense_bmm.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface JaggedDenseBmmCudaInputs {
  readonly tensors: { /** jagged(l, d) */ readonly x: Float32Array | Uint16Array; /** dense(b, d, k) */ readonly w: Float32Array | Uint16Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadJaggedDenseBmm = (device: Device, kernel: { readonly dtype: 'f32' | 'f16' | 'bf16' }): Promise<CudaInteraction<JaggedDenseBmmCudaInputs>> =>
  loadInteraction(device, 'jagged_dense_bmm', kernel)
