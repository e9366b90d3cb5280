// serrate 0.1.0: CUDA launcher of inclusive_cumsum for Node (definition 9bdd0ab10f314ca1, kernels/interaction/inclusive_cumsum.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface InclusiveCumsumCudaInputs {
  readonly tensors: { /** dense(b) i32 */ readonly x: Int32Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadInclusiveCumsum = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<InclusiveCumsumCudaInputs>> =>
  loadInteraction(device, 'inclusive_cumsum', kernel)
