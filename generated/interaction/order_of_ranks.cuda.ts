// serrate 0.1.0: CUDA launcher of order_of_ranks for Node (definition e81b48842f19882c, kernels/interaction/order_of_ranks.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface OrderOfRanksCudaInputs {
  readonly tensors: { /** dense(b) i32 */ readonly rank: Int32Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadOrderOfRanks = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<OrderOfRanksCudaInputs>> =>
  loadInteraction(device, 'order_of_ranks', kernel)
