// serrate 0.1.0: CUDA launcher of jagged_dense_bmm_add for Node (definition c65e3a706c7496ef, kernels/interaction/jagged_dense_bmm_add.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface JaggedDenseBmmAddCudaInputs {
  readonly tensors: { /** jagged(l, d) */ readonly x: Float32Array | Uint16Array; /** dense(b, d, k) */ readonly w: Float32Array | Uint16Array; /** dense(b, k) */ readonly bias: Float32Array | Uint16Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadJaggedDenseBmmAdd = (device: Device, kernel: { readonly dtype: 'f32' | 'f16' | 'bf16' }): Promise<CudaInteraction<JaggedDenseBmmAddCudaInputs>> =>
  loadInteraction(device, 'jagged_dense_bmm_add', kernel)
