import { expect, test } from 'vitest'
import { loadFile } from '../../codegen/frontend/index.ts'
import { collectTileMap, spreadOf } from '../../report/index.ts'

const causal = (await loadFile(new URL('../../kernels/causal.ts', import.meta.url).pathname)).definitions[0]!.algorithm

test('the drawn tiles and the counts are those of the whole batch', () => {
  const lengths = [5, 0, 70, 33]
  const map = collectTileMap({ algorithm: causal, lengths, heads: 1, captures: {}, blockM: 32, blockN: 32, picture: [2, 3] })
  expect(map.drawn.map((d) => d.length)).toEqual([70, 33])
  expect(map.drawn[0]!.rows).toEqual([['partial', 'empty', 'empty'], ['full', 'partial', 'empty'], ['full', 'full', 'partial']])
  const tiles = lengths.map((l) => Math.ceil(l / 32) ** 2).reduce((a, b) => a + b)
  expect(map.counts.full + map.counts.partial + map.counts.empty).toBe(tiles)
  expect(map.counts.executed).toBe(1 + 6 + 3)
  expect(map).toMatchObject({ kernel: 'causal', sequences: 4, longest: 70, padded: 4 * 9 })
})

test('the picture is a spread of lengths, none of them empty', () => {
  const lengths = Array.from({ length: 300 }, (_, i) => i)
  const drawn = spreadOf(lengths).map((i) => lengths[i]!)
  expect(new Set(drawn).size).toBe(drawn.length)
  expect(Math.max(...drawn)).toBe(299)
  expect(Math.min(...drawn)).toBe(1)
  expect(spreadOf([0, 7, 0, 3])).toEqual([1, 3])
})
