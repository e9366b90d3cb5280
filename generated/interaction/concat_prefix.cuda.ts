// serrate 0.1.0: CUDA launcher of concat_prefix for Node (definition 170c15d44039ed96, kernels/interaction/concat_prefix.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface ConcatPrefixCudaInputs {
  readonly tensors: { /** jagged(i, d) */ readonly left: Float32Array; /** jagged(j, d) */ readonly right: Float32Array }
  readonly offsets: { readonly i: Int32Array | BigInt64Array; readonly j: Int32Array | BigInt64Array; readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly i?: number; readonly j?: number; readonly l?: number }
  readonly captures: { /** perSequence i32 */ readonly prefix: Int32Array }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadConcatPrefix = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<ConcatPrefixCudaInputs>> =>
  loadInteraction(device, 'concat_prefix', kernel)
