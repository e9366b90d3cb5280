// serrate 0.1.0: CUDA launcher of jagged_dense_bmm_elementwise_add for Node (definition 8542938ebeaf9e73, kernels/interaction/jagged_dense_bmm_elementwise_add.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface JaggedDenseBmmElementwiseAddCudaInputs {
  readonly tensors: { /** jagged(l, d) */ readonly x: Float32Array; /** dense(b, d, k) */ readonly w: Float32Array; /** jagged(l, k) */ readonly bias: Float32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadJaggedDenseBmmElementwiseAdd = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<JaggedDenseBmmElementwiseAddCudaInputs>> =>
  loadInteraction(device, 'jagged_dense_bmm_elementwise_add', kernel)
