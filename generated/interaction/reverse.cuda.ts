// serrate 0.1.0: CUDA launcher of reverse for Node (definition b774fb40d5c83512, kernels/interaction/reverse.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface ReverseCudaInputs {
  readonly tensors: { /** jagged(m, d) */ readonly x: Float32Array }
  readonly offsets: { readonly m: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly m?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadReverse = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<ReverseCudaInputs>> =>
  loadInteraction(device, 'reverse', kernel)
