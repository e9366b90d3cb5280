// serrate 0.1.0: CUDA launcher of dense_sum for Node (definition faafdb392d42f3af, kernels/interaction/dense_sum.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface DenseSumCudaInputs {
  readonly tensors: { /** dense(b, d) */ readonly x: Float32Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadDenseSum = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<DenseSumCudaInputs>> =>
  loadInteraction(device, 'dense_sum', kernel)
