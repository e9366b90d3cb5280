// serrate 0.1.0: CUDA launcher of jagged2_mask for Node (definition 893b6c1d2ae303c0, kernels/interaction/jagged2_mask.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface Jagged2MaskCudaInputs {
  readonly tensors: { /** jagged(outer(i, j)) */ readonly x: Float32Array; /** dense(i, j) i32 */ readonly mask: Int32Array }
  readonly offsets: { readonly i: Int32Array | BigInt64Array; readonly j: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly i?: number; readonly j?: number; readonly outer_i_j?: number }
  readonly capacities: { readonly i: number; readonly j: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadJagged2Mask = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<Jagged2MaskCudaInputs>> =>
  loadInteraction(device, 'jagged2_mask', kernel)
