// serrate 0.1.0: CUDA launcher of dot_interaction for Node (definition 13303f8c3e74b01c, kernels/interaction/dot_interaction.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface DotInteractionCudaInputs {
  readonly tensors: { /** jagged(i, d) */ readonly x: Float32Array | Uint16Array }
  readonly offsets: { readonly i: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly i?: number; readonly lower_i_i?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadDotInteraction = (device: Device, kernel: { readonly dtype: 'f32' | 'f16' | 'bf16' }): Promise<CudaInteraction<DotInteractionCudaInputs>> =>
  loadInteraction(device, 'dot_interaction', kernel)
