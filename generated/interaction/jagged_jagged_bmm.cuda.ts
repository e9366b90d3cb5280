// serrate 0.1.0: CUDA launcher of jagged_jagged_bmm for Node (definition dbd0eedbdb41100e, kernels/interaction/jagged_jagged_bmm.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface JaggedJaggedBmmCudaInputs {
  readonly tensors: { /** jagged(l, d) */ readonly x: Float32Array | Uint16Array; /** jagged(l, k) */ readonly y: Float32Array | Uint16Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadJaggedJaggedBmm = (device: Device, kernel: { readonly dtype: 'f32' | 'f16' | 'bf16' }): Promise<CudaInteraction<JaggedJaggedBmmCudaInputs>> =>
  loadInteraction(device, 'jagged_jagged_bmm', kernel)
