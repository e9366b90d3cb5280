// serrate 0.1.0: CUDA launcher of replace_last_n for Node (definition 3eeb157bddb38d70, kernels/interaction/replace_last_n.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface ReplaceLastNCudaInputs {
  readonly tensors: { /** jagged(m, d) */ readonly x: Float32Array; /** jagged(n, d) */ readonly y: Float32Array }
  readonly offsets: { readonly m: Int32Array | BigInt64Array; readonly n: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly m?: number; readonly n?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadReplaceLastN = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<ReplaceLastNCudaInputs>> =>
  loadInteraction(device, 'replace_last_n', kernel)
