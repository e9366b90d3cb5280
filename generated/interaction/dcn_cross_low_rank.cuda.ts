// serrate 0.1.0: CUDA launcher of dcn_cross_low_rank for Node (definition 6234218ec6d3b8b4, kernels/interaction/dcn_cross_low_rank.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface DcnCrossLowRankCudaInputs {
  readonly tensors: { /** jagged(l, k) */ readonly x0: Float32Array; /** jagged(l, k) */ readonly x: Float32Array; /** jagged(l, r) */ readonly t: Float32Array; /** dense(k, r) */ readonly u: Float32Array; /** dense(k) */ readonly c: Float32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadDcnCrossLowRank = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<DcnCrossLowRankCudaInputs>> =>
  loadInteraction(device, 'dcn_cross_low_rank', kernel)
