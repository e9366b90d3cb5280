import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Device } from '../../runtime/device.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { check } from './check.ts'
import { kernelNames, shipped } from './shipped.ts'

const lengths = [[3, 0, 17, 65, 1], [0, 0], [0, 130, 33, 32, 31, 0], [1]]
const dims: Readonly<Record<string, readonly number[]>> = { full: [1, 3, 33, 64, 127, 128], hstu: [50, 128], relative_bias: [30] }

describe('shipped kernels in f32, at WebGPU default limits', () => {
  let device: Device
  beforeAll(async () => { device = await openWebGpu({ prefer: 'software', defaultLimits: true }) })
  afterAll(() => device.close())

  // Every one is among the fuzz's sources; here those of many head dims, and every other one.
  for (const [i, name] of kernelNames.entries()) {
    if (!(name in dims) && i % 2) continue
    for (const headDim of dims[name] ?? [i % 4 ? 16 : 64]) {
      test(`${name}, head dim ${headDim}`, async () => {
        expect(await check(device, await shipped(name), { headDim, lengths })).toEqual([])
      })
    }
  }

  test('a batch of no sequences, and more sequences than the tile builder has threads', async () => {
    const many = Array.from({ length: 700 }, (_, i) => (i * 7) % 5)
    expect(await check(device, await shipped('causal'), { headDim: 8, heads: 3, lengths: [[], many] })).toEqual([])
  })
})
