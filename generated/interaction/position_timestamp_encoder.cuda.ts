// serrate 0.1.0: CUDA launcher of position_timestamp_encoder for Node (definition 997d6b91b6b81f0d, kernels/interaction/position_timestamp_encoder.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface PositionTimestampEncoderCudaInputs {
  readonly tensors: { /** jagged(l, d) */ readonly x: Float32Array; /** jagged(l) i32 */ readonly time: Int32Array; /** dense(p, d) */ readonly positions: Float32Array; /** dense(q, d) */ readonly buckets: Float32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
  readonly sizes: { readonly p: number; readonly q: number }
  readonly captures: { /** perSequence i32 */ readonly numTargets: Int32Array; /** scalar i32, default 0 */ readonly contextual?: number; /** scalar f32 */ readonly alpha: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadPositionTimestampEncoder = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<PositionTimestampEncoderCudaInputs>> =>
  loadInteraction(device, 'position_timestamp_encoder', kernel)
