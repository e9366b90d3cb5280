// serrate 0.1.0: CUDA launcher of repeat_arange for Node (definition 5c265b914cf02a65, kernels/interaction/repeat_arange.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface RepeatArangeCudaInputs {
  readonly tensors: Readonly<Record<string, never>>
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadRepeatArange = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<RepeatArangeCudaInputs>> =>
  loadInteraction(device, 'repeat_arange', kernel)
