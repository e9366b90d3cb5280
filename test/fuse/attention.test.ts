import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileKernel } from '../../codegen/compile.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { attentionTwin, chainProgram, fuseProgram } from '../../codegen/fuse/index.ts'
import { plainArithmetic } from '../../reference/arithmetic.ts'
import { runProgram } from '../../reference/interaction/index.ts'
import type { Device } from '../../runtime/device.ts'
import { runAttention } from '../../runtime/index.ts'
import { limitsOf } from '../../tune/limits.ts'
import { allowedError } from '../../verify/index.ts'
import { largest, largestError } from '../../verify/compare.ts'
import { compileProgram, drawProgramCase, verifyProgram } from '../../verify/interaction/index.ts'
import { edgeDevices } from '../edge/devices.ts'

const { chains } = await loadFile(join(import.meta.dirname, '../../kernels/chain/index.ts'))
const { definition, steps } = chains.find((c) => c.exportName === 'decomposed_attention')!
const unfused = chainProgram(definition.name, steps)
const fused = fuseProgram(unfused).program
const sizes = { k: 8, d: 12 }

describe.each(edgeDevices)('the decomposed chain on $name', ({ target, open }) => {
  let device: Device
  beforeAll(async () => { device = await open() })
  afterAll(() => device?.close())

  test('four kernels, three after fusion, and one attention give the same', async () => {
    const twin = attentionTwin(fused)
    if (typeof twin === 'string') throw new Error(twin)
    const kernel = compileKernel(twin.algorithm, { dtype: 'f32', headDim: sizes.k, valueDim: sizes.d, lse: false }, { target, limits: limitsOf(device.info) })
    const attention = await device.compile(kernel)
    const made = [await compileProgram(device, unfused, 'f32', sizes, limitsOf(device.info)), await compileProgram(device, fused, 'f32', sizes, limitsOf(device.info))]
    for (const seed of [1, 2, 3, 4, 5]) {
      const c = drawProgramCase(seed, unfused, { dtype: 'f32', sizes, sequences: 4, maxLength: 30, set: 'uniformFromZero' })
      for (const m of made) expect(await verifyProgram(device, m, c, false)).toEqual([])
      const { tensors, offsets, rows } = c.inputs
      const [i, j] = [offsets!.i as Int32Array, offsets!.j as Int32Array]
      const kvRows = (tensors.k as Float32Array).length / sizes.k
      const bias = (tensors.bias as Float32Array).subarray(0, c.extent.offsets.i!.reduce((n, o, b, all) => (b ? n + (o - all[b - 1]!) * (c.extent.offsets.j![b]! - c.extent.offsets.j![b - 1]!) : 0), 0))
      const result = await runAttention(attention, kernel.manifest, {
        q: tensors.q as Float32Array, k: tensors.k as Float32Array, v: tensors.v as Float32Array, heads: 1, layout: { queries: 'jagged', align: 'start', sharedKeys: false },
        seqOffsets: i, kvOffsets: j, rows: rows!.i!, kvRows, captures: { bias: Float32Array.from(bias) },
      })
      const want = runProgram(unfused, c.data).out!
      const plain = runProgram(unfused, c.data, { arithmetic: plainArithmetic(Math.fround) }).out!
      // A row with no key is 0 in attention and an empty sum in the chain.
      expect(largestError(result.out, want).max).toBeLessThanOrEqual(allowedError(target, 'f32', largestError(plain, want).max, largest(want)))
    }
  }, 120_000)
})
