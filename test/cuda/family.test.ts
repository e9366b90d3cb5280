import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCudaCpu, type CudaCpuDevice } from '../../runtime/cuda-cpu/index.ts'
import { noCompiler } from '../cuda-cpu/harness.ts'
import { familyCases } from '../wgsl/family-cases.ts'
import { runFamily } from '../wgsl/family.ts'
import { kernelNames, shipped } from '../wgsl/shipped.ts'

/** Kernels whose only member of the list above is a relative: one launch of each, with their own layout. */
const others = kernelNames.filter((name) => !familyCases.some(([, used]) => used === name))
const extentOf = (queries: string) => ({
  lengths: queries === 'dense' || queries === 'broadcast' ? [] : [5, 0, 17, 65],
  ...(queries !== 'self' && { kvLengths: [40, 0, 70, 9] }), ...((queries === 'dense' || queries === 'broadcast') && { queryRows: 18 }),
})

describe.skipIf(noCompiler)('the attention family in CUDA, run on the CPU, against the plain formula', () => {
  let device: CudaCpuDevice
  beforeAll(async () => { device = await openCudaCpu({ seed: 3 }) })
  afterAll(() => device.close())

  test.each(familyCases)('%s: %s', { timeout: 120_000 }, async (_what, name, c) => {
    const { problems, executed } = await runFamily(device, await shipped(name), c)
    expect(problems).toEqual([])
    expect(executed).toBeGreaterThan(0)
  })

  test.each(others)('%s', { timeout: 120_000 }, async (name) => {
    const loaded = await shipped(name)
    const { layout } = loaded.algorithm
    const { problems, executed } = await runFamily(device, loaded, { layout, ...extentOf(layout.queries), ...(layout.sharedKeys && { kvIndex: [2, 0, 3, 3].slice(0, 4) }), dtype: 'bf16' })
    expect(problems).toEqual([])
    expect(executed).toBeGreaterThan(0)
  })

  test('split and order walk the same key tiles', { timeout: 120_000 }, async () => {
    const causal = await shipped('causal')
    const lengths = [3, 0, 150, 1, 40, 70]
    const plain = await runFamily(device, causal, { lengths })
    const schedules: readonly Readonly<Record<string, number>>[] = [{ split: 4 }, { order: 1 }]
    for (const schedule of schedules) expect(await runFamily(device, causal, { lengths, schedule })).toEqual(plain)
  })
})
