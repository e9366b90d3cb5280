// serrate 0.1.0: CUDA launcher of jagged2_softmax for Node (definition dd95bb502f35a8c2, kernels/interaction/jagged2_softmax.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface Jagged2SoftmaxCudaInputs {
  readonly tensors: { /** jagged(outer(i, j)) */ readonly x: Float32Array }
  readonly offsets: { readonly i: Int32Array | BigInt64Array; readonly j: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly i?: number; readonly j?: number; readonly outer_i_j?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadJagged2Softmax = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<Jagged2SoftmaxCudaInputs>> =>
  loadInteraction(device, 'jagged2_softmax', kernel)
