// serrate 0.1.0: CUDA launcher of factorisation_machine for Node (definition 86234ab90531e074, kernels/interaction/factorisation_machine.ts:4). Written by `serrate generate`.
import type { Device } from 'serrate/runtime'
import { type CudaInteraction, loadInteraction } from '../launch/cuda_interaction.ts'

/** One launch: arrays on the host; offsets are B + 1 running sums of lengths. */
export interface FactorisationMachineCudaInputs {
  readonly tensors: { /** jagged(l, d) */ readonly x: Float32Array }
  readonly offsets: { readonly l: Int32Array | BigInt64Array }
  readonly batches?: { /** may be left out where offsets count them */ readonly b?: number }
  readonly rows?: { readonly l?: number }
}

/** Compiles the kernel recorded for the device, or else the default one (`picked` says which and why), on an open CUDA device, a real one or the CPU's. */
export const loadFactorisationMachine = (device: Device, kernel: { readonly dtype: 'f32' }): Promise<CudaInteraction<FactorisationMachineCudaInputs>> =>
  loadInteraction(device, 'factorisation_machine', kernel)
