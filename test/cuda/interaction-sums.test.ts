import { describe, expect, it } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { findNvcc, runNvcc } from '../../runtime/cuda/index.ts'
import { shippedSums } from '../derive/norms.ts'
import { readPtxas } from './ptxas.ts'
import { DTYPES } from './shipped.ts'

const nvcc = findNvcc()
if (!nvcc) console.log('skipped: registers of kernels with sums, because nvcc is not on this machine')
const NORMS = ['layer_norm', 'rms_norm', 'rms_norm_silu', 'swish_layer_norm', 'layer_norm_sequence'] as const
/** Every norm in every dtype, the sizes in turn. */
const cases = NORMS.flatMap((name, i) => DTYPES.map((dtype, j) => ({ name, dtype, d: [64, 128, 256][(i + j) % 3]! })))

describe.skipIf(!nvcc)('sums of columns beside the gradient of rows, nvcc', () => {
  it.each(cases)('$name $dtype d$d spills nothing and leaves a multiprocessor two blocks', async ({ name, dtype, d }) => {
    const { text, manifest } = compileInteraction(shippedSums(name), { dtype, sizes: { d } }, { target: 'cuda' })
    const { ok, log } = await runNvcc(nvcc!, manifest.kernel, text, 'sm_90a', ['-Xptxas', '-v', '-Werror', 'all-warnings'])
    expect(ok, log).toBe(true)
    for (const u of readPtxas(log)) {
      expect(u.spillStores + u.spillLoads, u.name).toBe(0)
      expect(2 * u.registers * manifest.entries.find((e) => e.entryPoint === u.name)!.threads, u.name).toBeLessThanOrEqual(65536)
    }
  })
})
