// serrate 0.1.0: CUDA launcher of prepend for Node (definition f7d5f1d11708151c, kernels/interaction/prepend.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface PrependCudaInputs {
  readonly tensors: { /** dense(b) */ readonly first: Float32Array; /** jagged(m) */ readonly x: Float32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array; readonly m: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number; readonly m?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadPrepend = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<PrependCudaInputs>> =>
  loadInteraction(device, 'prepend', kernel)
