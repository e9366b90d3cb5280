// serrate 0.1.0: CUDA launcher of masked_rows for Node (definition 037ac8680ab4d544, kernels/interaction/masked_rows.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface MaskedRowsCudaInputs {
  readonly tensors: { /** jagged(m, d) */ readonly x: Float32Array; /** jagged(m) i32 */ readonly mask: Int32Array; /** jagged(m) i32 */ readonly place: Int32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array; readonly m: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number; readonly m?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadMaskedRows = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<MaskedRowsCudaInputs>> =>
  loadInteraction(device, 'masked_rows', kernel)
