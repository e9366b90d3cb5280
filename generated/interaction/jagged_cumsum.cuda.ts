// serrate 0.1.0: CUDA launcher of jagged_cumsum for Node (definition 07800695753b92a7, kernels/interaction/jagged_cumsum.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface JaggedCumsumCudaInputs {
  readonly tensors: { /** jagged(l, d) */ readonly x: Float32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadJaggedCumsum = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<JaggedCumsumCudaInputs>> =>
  loadInteraction(device, 'jagged_cumsum', kernel)
