// serrate 0.1.0: CUDA launcher of truncate for Node (definition 5ef5f5887f8d2b76, kernels/interaction/truncate.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface TruncateCudaInputs {
  readonly tensors: { /** jagged(m) */ readonly x: Float32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array; readonly m: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number; readonly m?: number }
  readonly captures: { /** scalar i32 */ readonly limit: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadTruncate = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<TruncateCudaInputs>> =>
  loadInteraction(device, 'truncate', kernel)
