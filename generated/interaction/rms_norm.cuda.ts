// serrate 0.1.0: CUDA launcher of rms_norm for Node (definition a1977a9b5372de8c, kernels/interaction/rms_norm.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface RmsNormCudaInputs {
  readonly tensors: { /** jagged(l, d) */ readonly x: Float32Array | Uint16Array; /** dense(d) */ readonly weight: Float32Array | Uint16Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
  readonly captures?: { /** scalar f32, default 0.00001 */ readonly eps?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadRmsNorm = (device: Device, kernel: { readonly dtype: 'f32' | 'f16' | 'bf16' }): Promise<CudaInteraction<RmsNormCudaInputs>> =>
  loadInteraction(device, 'rms_norm', kernel)
