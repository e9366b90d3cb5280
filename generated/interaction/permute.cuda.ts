// serrate 0.1.0: CUDA launcher of permute for Node (definition e9b0e86e5a1d98ae, kernels/interaction/permute.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface PermuteCudaInputs {
  readonly tensors: { /** jagged(m, d) */ readonly x: Float32Array; /** jagged(l) i32 */ readonly order: Int32Array }
  readonly offsets: { readonly m: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly m?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadPermute = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<PermuteCudaInputs>> =>
  loadInteraction(device, 'permute', kernel)
