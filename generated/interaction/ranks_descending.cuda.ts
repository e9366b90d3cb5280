// serrate 0.1.0: CUDA launcher of ranks_descending for Node (definition aaed77dd1ca427d8, kernels/interaction/ranks_descending.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface RanksDescendingCudaInputs {
  readonly tensors: { /** dense(b) i32 */ readonly key: Int32Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadRanksDescending = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<RanksDescendingCudaInputs>> =>
  loadInteraction(device, 'ranks_descending', kernel)
