// serrate 0.1.0: CUDA launcher of offsets_of_lengths for Node (definition a309c7b4dda986d8, kernels/interaction/offsets_of_lengths.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface OffsetsOfLengthsCudaInputs {
  readonly tensors: { /** dense(b) i32 */ readonly lengths: Int32Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadOffsetsOfLengths = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<OffsetsOfLengthsCudaInputs>> =>
  loadInteraction(device, 'offsets_of_lengths', kernel)
