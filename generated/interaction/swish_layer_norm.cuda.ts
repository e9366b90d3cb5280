// serrate 0.1.0: CUDA launcher of swish_layer_norm for Node (definition 43ea2bbb2eb1bb19, kernels/interaction/swish_layer_norm.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface SwishLayerNormCudaInputs {
  readonly tensors: { /** jagged(l, d) */ readonly x: Float32Array; /** dense(d) */ readonly weight: Float32Array; /** dense(d) */ readonly bias: Float32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
  readonly captures?: { /** scalar f32, default 0.00001 */ readonly eps?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadSwishLayerNorm = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<SwishLayerNormCudaInputs>> =>
  loadInteraction(device, 'swish_layer_norm', kernel)
