// serrate 0.1.0: CUDA launcher of jagged_index_add for Node (definition bbcc622c23612d61, kernels/interaction/jagged_index_add.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface JaggedIndexAddCudaInputs {
  readonly tensors: { /** jagged(m, d) by s */ readonly x: Float32Array; /** jagged(k) i32 */ readonly items: Int32Array }
  readonly offsets: { readonly k: Int32Array | BigInt64Array; readonly l: Int32Array | BigInt64Array; readonly m: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number; /** may be left out where offsets count them */ readonly s?: number }
  readonly rows?: { readonly k?: number; readonly l?: number; readonly m?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadJaggedIndexAdd = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<JaggedIndexAddCudaInputs>> =>
  loadInteraction(device, 'jagged_index_add', kernel)
