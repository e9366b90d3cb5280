// serrate 0.1.0: CUDA launcher of group_norm for Node (definition 37a5b65d5d4fa169, kernels/interaction/group_norm.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface GroupNormCudaInputs {
  readonly tensors: { /** jagged(l, h, d) */ readonly x: Float32Array; /** dense(h) */ readonly weight: Float32Array; /** dense(h) */ readonly bias: Float32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
  readonly captures?: { /** scalar f32, default 0.00001 */ readonly eps?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadGroupNorm = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<GroupNormCudaInputs>> =>
  loadInteraction(device, 'group_norm', kernel)
