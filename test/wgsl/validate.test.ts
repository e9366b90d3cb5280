import { afterAll, describe, expect, test } from 'vitest'
import { compileKernel, defaultProblem, defaultSchedule } from '../../codegen/compile.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'
import { closeValidator, validateWgsl } from '../../runtime/webgpu/index.ts'
import { generous, kernelNames, shipped } from './shipped.ts'

describe('Tint accepts every emitted module', () => {
  afterAll(closeValidator)

  for (const name of kernelNames) {
    test(name, async () => {
      const { algorithm } = await shipped(name)
      for (const dtype of ['f32', 'f16', 'bf16'] as const) {
        for (const headDim of [1, 8, 33, 64, 256]) {
          for (const limits of [targetLimits.wgsl, generous]) {
            for (const instrument of [false, true]) {
              const { text } = compileKernel(algorithm, defaultProblem(algorithm, dtype, headDim), { target: 'wgsl', limits, instrument })
              expect(await validateWgsl(text), `${dtype} d${headDim}`).toEqual([])
            }
          }
        }
      }
    })
  }

  test('a broken module is reported with its place', async () => {
    expect(await validateWgsl('fn f() -> i32 {\n  return 1.5;\n}')).toMatchObject([{ type: 'error', line: 2 }])
  })
})

test('the subgroup variant shuffles and the other does not', async () => {
  const { algorithm } = await shipped('full')
  const emit = (limits: typeof generous) => compileKernel(algorithm, defaultProblem(algorithm, 'f32', 64), { target: 'wgsl', limits })
  expect(emit(generous).text).toMatch(/enable subgroups;[^]*subgroupShuffleXor/)
  const { manifest } = emit(generous)
  const { lanes } = defaultSchedule('wgsl', algorithm, defaultProblem(algorithm, 'f32', 64), generous).values
  expect(manifest.requires).toMatchObject({ features: ['subgroups'], subgroupLanes: lanes })
  expect(emit(targetLimits.wgsl).text).not.toMatch(/enable subgroups|subgroupShuffle/)
})

test('a kernel holds no branch and no helper that its definition has no use for', async () => {
  const { algorithm } = await shipped('full')
  const { text } = compileKernel(algorithm, defaultProblem(algorithm, 'f32', 64), { target: 'wgsl' })
  for (const absent of ['if (masked)', 'score_mod', 'mask_mod', 'silu', 'floor_div', 'key_range', 'captures', 'executed++']) expect(text).not.toContain(absent)
})
