// serrate 0.1.0: CUDA launcher of segment_ids for Node (definition e7740d6c89005485, kernels/interaction/segment_ids.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface SegmentIdsCudaInputs {
  readonly tensors: Readonly<Record<string, never>>
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadSegmentIds = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<SegmentIdsCudaInputs>> =>
  loadInteraction(device, 'segment_ids', kernel)
