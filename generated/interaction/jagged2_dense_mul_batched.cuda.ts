// serrate 0.1.0: CUDA launcher of jagged2_dense_mul_batched for Node (definition dbd4671c02727d76, kernels/interaction/jagged2_dense_mul_batched.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface Jagged2DenseMulBatchedCudaInputs {
  readonly tensors: { /** jagged(outer(i, j)) */ readonly x: Float32Array; /** dense(b, i, j) */ readonly y: Float32Array }
  readonly offsets: { readonly i: Int32Array | BigInt64Array; readonly j: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly i?: number; readonly j?: number; readonly outer_i_j?: number }
  readonly capacities: { readonly i: number; readonly j: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadJagged2DenseMulBatched = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<Jagged2DenseMulBatchedCudaInputs>> =>
  loadInteraction(device, 'jagged2_dense_mul_batched', kernel)
