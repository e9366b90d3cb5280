// serrate 0.1.0: CUDA launcher of concat_dense_right for Node (definition b1f1fd79fcbdb42e, kernels/interaction/concat_dense_right.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface ConcatDenseRightCudaInputs {
  readonly tensors: { /** jagged(i, d) */ readonly left: Float32Array; /** dense(b, p, d) */ readonly right: Float32Array }
  readonly offsets: { readonly i: Int32Array | BigInt64Array; readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly i?: number; readonly l?: number }
  readonly sizes: { readonly p: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadConcatDenseRight = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<ConcatDenseRightCudaInputs>> =>
  loadInteraction(device, 'concat_dense_right', kernel)
