// serrate 0.1.0: CUDA launcher of lengths_of_offsets for Node (definition 88ec608d311f7203, kernels/interaction/lengths_of_offsets.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface LengthsOfOffsetsCudaInputs {
  readonly tensors: Readonly<Record<string, never>>
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadLengthsOfOffsets = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<LengthsOfOffsetsCudaInputs>> =>
  loadInteraction(device, 'lengths_of_offsets', kernel)
