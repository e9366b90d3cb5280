// serrate 0.1.0: CUDA launcher of concat_dense_left for Node (definition d075f28b6d7c496e, kernels/interaction/concat_dense_left.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface ConcatDenseLeftCudaInputs {
  readonly tensors: { /** dense(b, p, d) */ readonly left: Float32Array; /** jagged(j, d) */ readonly right: Float32Array }
  readonly offsets: { readonly j: Int32Array | BigInt64Array; readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly j?: number; readonly l?: number }
  readonly sizes: { readonly p: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadConcatDenseLeft = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<ConcatDenseLeftCudaInputs>> =>
  loadInteraction(device, 'concat_dense_left', kernel)
