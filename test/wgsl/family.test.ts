import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Device } from '../../runtime/device.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { type FamilyCase, runFamily } from './family.ts'
import { shipped } from './shipped.ts'

const L = [3, 0, 17, 65, 1]
const cross = { lengths: [5, 9, 0, 33], kvLengths: [40, 0, 7, 3] } as const

const cases: readonly (readonly [string, string, FamilyCase])[] = [
  ['rows past the last offset', 'causal', { lengths: L, rest: 4 }],
  ['i64 offsets and heads that share keys', 'causal', { lengths: L, i64: true, heads: 4, kvHeads: 2 }],
  ['cross-attention, value dim 24', 'full', { ...cross, layout: { queries: 'jagged' }, valueDim: 24 }],
  ['bottom-right causal, more queries than keys', 'causal', { ...cross, layout: { queries: 'jagged', align: 'end' }, headDim: 8 }],
  ['dense queries', 'full', { lengths: [], kvLengths: [40, 0, 7], queryRows: 3, layout: { queries: 'dense' } }],
  ['one block of queries for all, keys shared', 'full', { lengths: [], kvLengths: [40, 0, 7], queryRows: 35, layout: { queries: 'broadcast' }, kvIndex: [2, 0, 0, 1, 2] }],
  ['a sink in the sum, also of rows without keys', 'sink', { ...cross, layout: { queries: 'jagged' }, rest: 2 }],
  ['weights dropped after the sum', 'sll_jagged_flash_attention_masked', { lengths: L }],
  ['softmax and silu heads', 'hstu_mixed', { lengths: L, heads: 3, captures: { softmaxHeads: 1 } }],
  ['a jagged bias', 'jagged_bias', { lengths: L }],
  ['a dense bias of half the heads', 'pair_bias', { lengths: L, heads: 4 }],
  ['interval lists', 'interval_lists', { lengths: L }],
  ['a scale for each row', 'hstu_rows', { lengths: L }],
  ['erf', 'gdpa_gelu', { lengths: L }],
  ['bf16, words shared by rows', 'causal', { lengths: L, dtype: 'bf16', headDim: 33, valueDim: 7 }],
  ['bf16, vector loads', 'causal', { lengths: L, dtype: 'bf16', headDim: 32, rest: 3 }],
  ['bf16, an odd number of elements', 'full', { lengths: [3, 4, 2], dtype: 'bf16', headDim: 5, valueDim: 33, heads: 1 }],
  ['keys in 4 parts', 'causal', { lengths: [3, 200, 1], rest: 3, schedule: { split: 4 } }],
  ['keys in 4 parts, tiles tested, scale in the merge', 'hstu', { lengths: [3, 200, 1], schedule: { split: 4 } }],
  ['keys in 8 parts and a sink', 'sink', { lengths: [3, 70, 1], schedule: { split: 8 } }],
  ['keys in 2 parts, softmax and silu heads', 'hstu_mixed', { lengths: L, heads: 3, captures: { softmaxHeads: 1 }, lse: true, schedule: { split: 2 } }],
  ['dense queries, keys in 16 parts', 'full', { lengths: [], kvLengths: [400, 0, 7], queryRows: 1, layout: { queries: 'dense' }, dtype: 'bf16', headDim: 6, schedule: { split: 16 } }],
  ['packed short sequences', 'full', { lengths: [3, 0, 0, 9, 1, 4, 64, 2, 0, 31, 5, 7, 0], rest: 5, schedule: { pack: 1 } }],
  ['packed, bounds of each row', 'causal', { lengths: [3, 0, 9, 1, 4, 64, 2, 31, 5, 7], rest: 40, schedule: { pack: 1 } }],
  ['packed, tiles tested, captures of each row', 'hstu', { lengths: [3, 0, 9, 1, 4, 64, 2, 31, 5, 7], schedule: { pack: 1 } }],
  ['packed, score and row values', 'hstu_bias', { lengths: [3, 0, 9, 1, 4, 33, 2, 31], schedule: { pack: 1 } }],
  ['packed, bf16 and a sink', 'sink', { lengths: [3, 0, 9, 1, 40, 2], rest: 3, dtype: 'bf16', headDim: 9, schedule: { pack: 1 } }],
  ['packed, weights dropped after the sum', 'sll_jagged_flash_attention_masked', { lengths: [3, 0, 9, 1, 4], i64: true, schedule: { pack: 1 } }],
  ['the next chunk read ahead', 'causal', { lengths: [3, 70, 1], headDim: 32, valueDim: 64, rest: 3, schedule: { block_m: 16, block_n: 16, rows: 2, lanes: 4, chunk_d: 16, stage_q: 0, prefetch: 1 } }],
  ['longest first', 'causal', { lengths: [3, 0, 200, 1, 40, 70, 300, 31], rest: 3, schedule: { order: 1 } }],
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

  test('split and order walk the same key tiles', async () => {
    const causal = await shipped('causal')
    const lengths = [3, 0, 150, 1, 40, 70]
    const plain = await runFamily(device, causal, { lengths })
    const schedules: readonly Readonly<Record<string, number>>[] = [{ split: 4 }, { order: 1 }]
    for (const schedule of schedules) expect(await runFamily(device, causal, { lengths, schedule })).toEqual(plain)
  })
})
