// serrate 0.1.0: CUDA launcher of jagged_dense_mul for Node (definition 664a4f02ee73e650, kernels/interaction/jagged_dense_mul.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface JaggedDenseMulCudaInputs {
  readonly tensors: { /** jagged(l, d) */ readonly x: Float32Array; /** dense(b, l, d) */ readonly y: Float32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
  readonly capacities: { readonly l: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadJaggedDenseMul = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<JaggedDenseMulCudaInputs>> =>
  loadInteraction(device, 'jagged_dense_mul', kernel)
