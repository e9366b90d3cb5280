// serrate 0.1.0: CUDA launcher of jagged_self_subtraction for Node (definition 09162610a7959f68, kernels/interaction/jagged_self_subtraction.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface JaggedSelfSubtractionCudaInputs {
  readonly tensors: { /** jagged(l) */ readonly left: Float32Array }
  readonly offsets: { readonly i: Int32Array | BigInt64Array; readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly i?: number; readonly l?: number; readonly outer_i_i?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadJaggedSelfSubtraction = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<JaggedSelfSubtractionCudaInputs>> =>
  loadInteraction(device, 'jagged_self_subtraction', kernel)
