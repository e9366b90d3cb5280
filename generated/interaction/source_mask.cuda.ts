// serrate 0.1.0: CUDA launcher of source_mask for Node (definition d3a5821fc480564e, kernels/interaction/source_mask.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface SourceMaskCudaInputs {
  readonly tensors: Readonly<Record<string, never>>
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
  readonly captures: { /** perSequence i32 */ readonly sources: Int32Array; /** perSequence i32 */ readonly targets: Int32Array }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadSourceMask = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<SourceMaskCudaInputs>> =>
  loadInteraction(device, 'source_mask', kernel)
