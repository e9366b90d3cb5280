// serrate 0.1.0: CUDA launcher of concat for Node (definition 2f388e1ec29deb62, kernels/interaction/concat.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface ConcatCudaInputs {
  readonly tensors: { /** jagged(i, d) */ readonly left: Float32Array | Uint16Array; /** jagged(j, d) */ readonly right: Float32Array | Uint16Array }
  readonly offsets: { readonly i: Int32Array | BigInt64Array; readonly j: Int32Array | BigInt64Array; readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly i?: number; readonly j?: number; readonly l?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadConcat = (device: Device, kernel: { readonly dtype: 'f32' | 'f16' | 'bf16' }): Promise<CudaInteraction<ConcatCudaInputs>> =>
  loadInteraction(device, 'concat', kernel)
