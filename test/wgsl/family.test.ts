import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Device } from '../../runtime/device.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { familyCases } from './family-cases.ts'
import { type FamilyCase, runFamily } from './family.ts'
import { shipped } from './shipped.ts'

const cases: readonly (readonly [string, string, FamilyCase])[] = [
  ...familyCases,
  ['the next chunk read ahead', 'causal', { lengths: [3, 70, 1], headDim: 32, valueDim: 64, rest: 3, schedule: { block_m: 16, block_n: 16, rows: 2, lanes: 4, chunk_d: 16, stage_q: 0, prefetch: 1 } }],
]

describe('the attention family in WGSL against the plain formula', () => {
  let device: Device
  beforeAll(async () => { device = await openWebGpu({ prefer: 'software', defaultLimits: true }) })
  afterAll(() => device.close())

  test.each(cases)('%s: %s', async (_what, name, c) => {
    const { problems, executed } = await runFamily(device, await shipped(name), c)
    expect(problems).toEqual([])
    expect(executed).toBeGreaterThan(0)
  })

  test('packed tiles walk the keys of all their sequences', async () => {
    const lengths = [3, 0, 9, 1, 4, 64, 2, 31, 5, 7, 40]
    const found = await runFamily(device, await shipped('full'), { lengths, rest: 40, schedule: { pack: 1, block_m: 32, block_n: 16, rows: 4, lanes: 4 } })
    const offsets = lengths.reduce((all, n) => [...all, all.at(-1)! + n], [0])
    const sequenceOf = (row: number) => offsets.findLastIndex((begin) => begin <= row)
    let executed = 0
    let full = 0
    for (let row = 0; row < offsets.at(-1)!; row += 32) {
      const last = Math.min(row + 32, offsets.at(-1)! + 40) - 1
      const [a, b] = [sequenceOf(row), Math.min(sequenceOf(last), lengths.length - 1)]
      const tiles = Math.ceil((offsets[b + 1]! - offsets[a]!) / 16)
      executed += tiles
      if (last < offsets[a + 1]!) full += tiles
    }
    expect(found).toEqual({ problems: [], executed, full })
    expect(full).toBeGreaterThan(0)
  })

  test.each(['full', 'causal', 'hstu'])('the heads of a group share the key tiles that each would have in tiles of BLOCK_M / group queries: %s', async (name) => {
    const loaded = await shipped(name)
    const run = (block_m: number, changes: Readonly<Record<string, number>>) => runFamily(device, loaded, { lengths: [3, 0, 150, 1, 40, 70], rest: 3, heads: 8, kvHeads: 2, schedule: { block_m, block_n: 16, rows: 4, lanes: 4, ...changes } })
    const alone = await run(16, {})
    expect(alone.problems).toEqual([])
    const paths: readonly Readonly<Record<string, number>>[] = [{ gqa: 1 }, { gqa: 1, split: 4 }, { gqa: 1, order: 1 }]
    for (const changes of paths) expect(await run(64, changes), JSON.stringify(changes)).toEqual(alone)
    expect((await run(64, {})).executed).toBeLessThan(alone.executed)
  })

  test('split and order walk the same key tiles', async () => {
    const causal = await shipped('causal')
    const lengths = [3, 0, 150, 1, 40, 70]
    const plain = await runFamily(device, causal, { lengths })
    const schedules: readonly Readonly<Record<string, number>>[] = [{ split: 4 }, { order: 1 }]
    for (const schedule of schedules) expect(await runFamily(device, causal, { lengths, schedule })).toEqual(plain)
  })
})
