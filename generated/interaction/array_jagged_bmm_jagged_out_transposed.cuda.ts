// serrate 0.1.0: CUDA launcher of array_jagged_bmm_jagged_out_transposed for Node (definition 5966c9e9f7d85d8a, kernels/interaction/array_jagged_bmm_jagged_out_transposed.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface ArrayJaggedBmmJaggedOutTransposedCudaInputs {
  readonly tensors: { /** jagged(outer(i, j)) */ readonly a: Float32Array; /** jagged(i, d) */ readonly y: Float32Array }
  readonly offsets: { readonly i: Int32Array | BigInt64Array; readonly j: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly i?: number; readonly j?: number; readonly outer_i_j?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadArrayJaggedBmmJaggedOutTransposed = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<ArrayJaggedBmmJaggedOutTransposedCudaInputs>> =>
  loadInteraction(device, 'array_jagged_bmm_jagged_out_transposed', kernel)
