import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import type { Interaction } from '../../codegen/ir/interaction/index.ts'
import { defaultInteractionSchedule } from '../../codegen/lower/interaction/bind.ts'
import { refusedSums } from '../../codegen/lower/interaction/index.ts'
import { type CudaCpuDevice, openCudaCpu } from '../../runtime/cuda-cpu/index.ts'
import { drawInteractionCase, verifyInteraction } from '../../verify/interaction/index.ts'
import { otherNorms, shippedSums } from '../derive/norms.ts'
import { noCompiler } from './harness.ts'

const LENGTHS: readonly (readonly number[])[] = [[], [0], [0, 0, 0], [1], [0, 0, 5, 0], [31, 32, 33], Array.from({ length: 40 }, (_, i) => i % 3), [130, 2]]

describe.skipIf(noCompiler)('sums of columns beside the gradient of rows, CUDA on the CPU', () => {
  let device: CudaCpuDevice
  beforeAll(async () => { device = await openCudaCpu() })
  afterAll(() => device.close())

  /** Error, poison of the output, the parts and the sums, repeat, races, bounds, grids. */
  const check = async (x: Interaction, dtype: Dtype, d: number, set: Readonly<Record<string, number>> = {}, lengths = LENGTHS): Promise<string> => {
    const problem = { dtype, sizes: { d, h: 3, f: 2 } }
    const usual = defaultInteractionSchedule('cuda', x, problem)
    const source = compileInteraction(x, problem, { target: 'cuda', schedule: { ...usual, values: { ...usual.values, ...set } } })
    const compiled = await device.compileInteraction(source)
    for (const [seed, l] of lengths.entries()) {
      const { problems } = await verifyInteraction(device, compiled, source, drawInteractionCase(seed, x, { dtype, sizes: problem.sizes, ...(x.axes.some((a) => a.name === 'l') && { lengths: { l } }), sequences: l.length }))
      expect(problems, `${source.manifest.kernel}, ${JSON.stringify(set)}, lengths ${l.join()}`).toEqual([])
    }
    compiled.dispose()
    return source.text
  }

  test.each(['layer_norm', 'rms_norm', 'rms_norm_silu', 'swish_layer_norm', 'norm_mul', 'layer_norm_sequence'])('%s at awkward lengths', async (name) => {
    await check(shippedSums(name), 'f32', 20)
    await check(shippedSums(name), 'bf16', 64)
  }, 240_000)

  test.each([['f32', 1], ['bf16', 1], ['f16', 3], ['bf16', 24], ['f32', 130], ['f16', 520]] as const)('rows of %s, %i elements', async (dtype, d) => {
    await check(shippedSums('layer_norm'), dtype, d, {}, [[3, 0, 41], [130, 2]])
  }, 240_000)

  test('one round of rows a block, and many', async () => {
    for (const span of [1, 4]) await check(shippedSums('rms_norm'), 'f32', 32, { span }, [[97, 0, 160], [1]])
  }, 120_000)

  test('a row of a whole block', async () => {
    expect(await check(shippedSums('layer_norm'), 'f32', 1000, {}, [[9, 0, 8]])).toContain('rows: 128 threads a group')
  }, 120_000)

  test.each([['f32', 4], ['f32', 12], ['bf16', 24], ['f32', 7]] as const)('a sequence of rows of %s, %i elements: threads keep their columns', async (dtype, d) => {
    await check(shippedSums('layer_norm_sequence'), dtype, d, { threads: 128, items: 2 }, [[3, 0, 41], [130, 2, 300]])
  }, 240_000)

  test.each(otherNorms.map((x) => [x.name, x] as const))('%s', async (_name, x) => { await check(x, 'f32', 12) }, 120_000)

  test('what does not fit says why', () => {
    expect(refusedSums(shippedSums('layer_norm'), { dtype: 'bf16', sizes: { d: 16384 } }, 'cuda')).toBeUndefined()
    expect(refusedSums(shippedSums('layer_norm'), { dtype: 'bf16', sizes: { d: 40000 } }, 'cuda')).toMatch(/a row of 5000 vectors does not stay in the registers of 1024 threads/)
    expect(refusedSums(shippedSums('layer_norm_sequence'), { dtype: 'f32', sizes: { d: 5001 } }, 'cuda')).toMatch(/1024 threads cannot hold the columns of rows of 5001 vectors/)
  })
})
