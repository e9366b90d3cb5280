// serrate 0.1.0: CUDA launcher of keyed_jagged_index_select for Node (definition aa4ffac33d620c9b, kernels/interaction/keyed_jagged_index_select.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface KeyedJaggedIndexSelectCudaInputs {
  readonly tensors: { /** jagged(m, d) by s */ readonly x: Float32Array; /** dense(i) i32 */ readonly ids: Int32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array; readonly m: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number; /** may be left out where offsets count them */ readonly s?: number }
  readonly rows?: { readonly l?: number; readonly m?: number }
  readonly sizes: { readonly i: number }
  readonly captures: { /** scalar i32 */ readonly batch: number; /** scalar i32 */ readonly count: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadKeyedJaggedIndexSelect = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<KeyedJaggedIndexSelectCudaInputs>> =>
  loadInteraction(device, 'keyed_jagged_index_select', kernel)
