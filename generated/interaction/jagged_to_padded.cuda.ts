// serrate 0.1.0: CUDA launcher of jagged_to_padded for Node (definition b1990fccb06b49af, kernels/interaction/jagged_to_padded.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface JaggedToPaddedCudaInputs {
  readonly tensors: { /** jagged(l, d) */ readonly x: Float32Array | Uint16Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
  readonly capacities: { readonly l: number }
  readonly captures?: { /** scalar f32, default 0 */ readonly pad?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadJaggedToPadded = (device: Device, kernel: { readonly dtype: 'f32' | 'f16' | 'bf16' }): Promise<CudaInteraction<JaggedToPaddedCudaInputs>> =>
  loadInteraction(device, 'jagged_to_padded', kernel)
