import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import type { Interaction } from '../../codegen/ir/interaction/index.ts'
import { defaultInteractionSchedule } from '../../codegen/lower/interaction/bind.ts'
import { refusedSums } from '../../codegen/lower/interaction/index.ts'
import { loopNests } from '../../codegen/lower/interaction/nests/index.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'
import type { Device } from '../../runtime/device.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { drawInteractionCase, verifyInteraction } from '../../verify/interaction/index.ts'
import { otherNorms, shippedSums } from '../derive/norms.ts'

const LENGTHS: readonly (readonly number[])[] = [[], [0], [1], [0, 0, 5, 0], [31, 32, 33], Array.from({ length: 40 }, (_, i) => i % 3), [230, 2]]

describe('sums of columns beside the gradient of rows, WGSL', () => {
  let device: Device
  beforeAll(async () => { device = await openWebGpu({ prefer: 'software' }) })
  afterAll(() => device.close())

  /** Error, poison of the output, the parts and the sums, canaries, repeat. */
  const check = async (x: Interaction, dtype: Dtype, d: number, set: Readonly<Record<string, number>> = {}): Promise<void> => {
    const problem = { dtype, sizes: { d, h: 3, f: 2 } }
    const usual = defaultInteractionSchedule('wgsl', x, problem)
    const source = compileInteraction(x, problem, { target: 'wgsl', schedule: { ...usual, values: { ...usual.values, ...set } } })
    const compiled = await device.compileInteraction(source)
    for (const [seed, l] of LENGTHS.entries()) {
      const { problems } = await verifyInteraction(device, compiled, source, drawInteractionCase(seed, x, { dtype, sizes: problem.sizes, ...(x.axes.some((a) => a.name === 'l') && { lengths: { l } }), sequences: l.length }))
      expect(problems, `${source.manifest.kernel}, ${JSON.stringify(set)}, lengths ${l.join()}`).toEqual([])
    }
    compiled.dispose()
  }

  test.each(['layer_norm', 'rms_norm', 'rms_norm_silu', 'swish_layer_norm', 'norm_mul'])('%s at awkward lengths', async (name) => {
    await check(shippedSums(name), 'f32', 20)
    await check(shippedSums(name), 'bf16', 24)
  }, 240_000)

  test.each([['bf16', 64], ['f16', 132], ['f32', 520]] as const)('rows of %s, %i elements', async (dtype, d) => { await check(shippedSums('layer_norm'), dtype, d) }, 240_000)

  test('one round of rows a workgroup, one lane a row, small workgroups', async () => {
    await check(shippedSums('layer_norm'), 'f32', 32, { span: 1, lanes: 1, keep: 8 })
    await check(shippedSums('layer_norm'), 'f32', 32, { span: 1, lanes: 1, flight: 0 })
    await check(shippedSums('rms_norm'), 'bf16', 40, { span: 16, lanes: 64, threads: 64 })
    await check(shippedSums('norm_mul'), 'bf16', 24, { flight: 0 })
  }, 240_000)

  test('a sequence a group: columns that are the same in every row of a thread', async () => {
    const x = shippedSums('layer_norm_sequence')
    await check(x, 'f32', 20)
    await check(x, 'bf16', 24, { keep: 4 })
    await check(x, 'f16', 64, { threads: 128, lanes: 32, span: 2, flight: 1, keep: 0 })
    await check(x, 'f32', 64, { threads: 64, lanes: 64, flight: 4 })
  }, 240_000)

  test.each(otherNorms.map((x) => [x.name, x] as const))('%s', async (_name, x) => { await check(x, 'f32', 12) }, 120_000)

  test('what does not fit says why', () => {
    const why = (name: string, d: number, limits = targetLimits.wgsl): string | undefined => refusedSums(shippedSums(name), { dtype: 'f32', sizes: { d } }, 'wgsl', limits)
    expect(why('layer_norm', 64)).toBeUndefined()
    expect(why('layer_norm', 5)).toMatch(/not whole vectors along one reduced axis/)
    expect(why('layer_norm_sequence', 64)).toBeUndefined()
    expect(why('layer_norm_sequence', 5)).toMatch(/not whole vectors along one reduced axis/)
    expect(loopNests.wgsl_reduction!.infeasible({ threads: 128, lanes: 64, parts: 1, span: 1, unroll: 2, flight: 2, keep: 1 }, shippedSums('layer_norm_sequence'), { dtype: 'f32', sizes: { d: 20 } }, targetLimits.wgsl)).toEqual({ reason: 'flight', message: 'flight=2, but 64 of 128 threads of a sequence would meet other columns with every vector', fix: 'Try lanes=128.' })
    expect(why('layer_norm', 4096)).toMatch(/a thread would add up 256 columns, of which 128 stay in registers/)
    expect(loopNests.wgsl_reduction!.infeasible({ threads: 64, lanes: 1, parts: 1, span: 8, unroll: 2, flight: 2, keep: 4 }, shippedSums('layer_norm'), { dtype: 'f32', sizes: { d: 32 } }, targetLimits.wgsl)).toEqual({ reason: 'flight', message: 'flight=2, but keep=4 leaves vectors of a row out of registers, where its columns are added up', fix: 'Try keep=8.' })
    expect(why('swish_layer_norm', 64, { ...targetLimits.wgsl, storageBuffers: 6 })).toMatch(/7 storage buffers with the parts of its columns, of which there are 6/)
  })
})
