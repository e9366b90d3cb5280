// serrate 0.1.0: CUDA launcher of concat_three for Node (definition 7614944f3a63bb8c, kernels/interaction/concat_three.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface ConcatThreeCudaInputs {
  readonly tensors: { /** jagged(i, d) */ readonly first: Float32Array; /** jagged(j, d) */ readonly second: Float32Array; /** jagged(k, d) */ readonly third: Float32Array }
  readonly offsets: { readonly i: Int32Array | BigInt64Array; readonly j: Int32Array | BigInt64Array; readonly k: Int32Array | BigInt64Array; readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly i?: number; readonly j?: number; readonly k?: number; readonly l?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadConcatThree = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<ConcatThreeCudaInputs>> =>
  loadInteraction(device, 'concat_three', kernel)
