// serrate 0.1.0: CUDA launcher of jagged_to_padded_last for Node (definition b6974033f1274c05, kernels/interaction/jagged_to_padded_last.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface JaggedToPaddedLastCudaInputs {
  readonly tensors: { /** jagged(m) */ readonly x: Float32Array }
  readonly offsets: { readonly m: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly m?: number }
  readonly capacities: { readonly m: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadJaggedToPaddedLast = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<JaggedToPaddedLastCudaInputs>> =>
  loadInteraction(device, 'jagged_to_padded_last', kernel)
