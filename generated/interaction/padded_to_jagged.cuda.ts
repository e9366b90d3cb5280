// serrate 0.1.0: CUDA launcher of padded_to_jagged for Node (definition 8ce5c880db896116, kernels/interaction/padded_to_jagged.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface PaddedToJaggedCudaInputs {
  readonly tensors: { /** dense(b, l, d) */ readonly x: Float32Array | Uint16Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
  readonly capacities: { readonly l: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadPaddedToJagged = (device: Device, kernel: { readonly dtype: 'f32' | 'f16' | 'bf16' }): Promise<CudaInteraction<PaddedToJaggedCudaInputs>> =>
  loadInteraction(device, 'padded_to_jagged', kernel)
