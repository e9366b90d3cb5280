// serrate 0.1.0: CUDA launcher of split_right for Node (definition cafee991000fede7, kernels/interaction/split_right.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface SplitRightCudaInputs {
  readonly tensors: { /** jagged(m, d) */ readonly x: Float32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array; readonly m: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number; readonly m?: number }
  readonly captures: { /** perSequence i32 */ readonly count: Int32Array }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadSplitRight = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<SplitRightCudaInputs>> =>
  loadInteraction(device, 'split_right', kernel)
