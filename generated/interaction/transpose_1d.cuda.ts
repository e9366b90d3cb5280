// serrate 0.1.0: CUDA launcher of transpose_1d for Node (definition 39f671c2572d94fc, kernels/interaction/transpose_1d.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface Transpose1dCudaInputs {
  readonly tensors: { /** jagged(m) by s */ readonly x: Float32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array; readonly m: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number; /** may be left out where offsets count them */ readonly s?: number }
  readonly rows?: { readonly l?: number; readonly m?: number }
  readonly captures: { /** scalar i32 */ readonly rows: number; /** scalar i32 */ readonly columns: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadTranspose1d = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<Transpose1dCudaInputs>> =>
  loadInteraction(device, 'transpose_1d', kernel)
