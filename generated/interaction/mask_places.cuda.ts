// serrate 0.1.0: CUDA launcher of mask_places for Node (definition 539d88d9d61a9c74, kernels/interaction/mask_places.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface MaskPlacesCudaInputs {
  readonly tensors: { /** jagged(l) i32 */ readonly mask: Int32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadMaskPlaces = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<MaskPlacesCudaInputs>> =>
  loadInteraction(device, 'mask_places', kernel)
