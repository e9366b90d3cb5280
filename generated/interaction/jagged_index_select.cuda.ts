// serrate 0.1.0: CUDA launcher of jagged_index_select for Node (definition 416ae2ffddee3bf2, kernels/interaction/jagged_index_select.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface JaggedIndexSelectCudaInputs {
  readonly tensors: { /** jagged(m, d) by s */ readonly x: Float32Array; /** dense(b) i32 */ readonly ids: Int32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array; readonly m: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number; /** may be left out where offsets count them */ readonly s?: number }
  readonly rows?: { readonly l?: number; readonly m?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadJaggedIndexSelect = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<JaggedIndexSelectCudaInputs>> =>
  loadInteraction(device, 'jagged_index_select', kernel)
