// serrate 0.1.0: CUDA launcher of slice for Node (definition 548a89eb9b8c360a, kernels/interaction/slice.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface SliceCudaInputs {
  readonly tensors: { /** jagged(m, d) */ readonly x: Float32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array; readonly m: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number; readonly m?: number }
  readonly captures: { /** perSequence i32 */ readonly start: Int32Array; /** perSequence i32 */ readonly count: Int32Array }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadSlice = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<SliceCudaInputs>> =>
  loadInteraction(device, 'slice', kernel)
