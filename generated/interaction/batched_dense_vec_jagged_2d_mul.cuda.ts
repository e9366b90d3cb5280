// serrate 0.1.0: CUDA launcher of batched_dense_vec_jagged_2d_mul for Node (definition bf1efd773695fadf, kernels/interaction/batched_dense_vec_jagged_2d_mul.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface BatchedDenseVecJagged2dMulCudaInputs {
  readonly tensors: { /** dense(b, h, l) */ readonly v: Float32Array; /** jagged(l, h, d) */ readonly a: Float32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
  readonly capacities: { readonly l: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadBatchedDenseVecJagged2dMul = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<BatchedDenseVecJagged2dMulCudaInputs>> =>
  loadInteraction(device, 'batched_dense_vec_jagged_2d_mul', kernel)
