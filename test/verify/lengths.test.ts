import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { headDims, lengthsArbitrary } from '../../verify/arbitraries.ts'
import { drawLengths, lengthSetNames, rngOf } from '../../verify/index.ts'

const size = { sequences: 9, maxLength: 100, tile: 16 }
const draw = (name: (typeof lengthSetNames)[number], seed = 1) => drawLengths(name, rngOf(seed), size)
const sample = fc.sample(lengthsArbitrary({ blockM: 32, blockN: 16, maxTokens: 200 }), { numRuns: 500, seed: 7 })

describe('length sets', () => {
  test.each(lengthSetNames)('%s: whole numbers from 0 to the longest, the same for the same seed', (name) => {
    const lengths = draw(name)
    expect(lengths.every((l) => Number.isInteger(l) && l >= 0 && l <= 100)).toBe(true)
    expect(draw(name)).toEqual(lengths)
    expect(lengths.length).toBe(name === 'none' ? 0 : 9)
  })
  test('each is what its name says', () => {
    const empties = (name: (typeof lengthSetNames)[number]) => draw(name).flatMap((l, i) => (l === 0 ? [i] : []))
    expect([empties('emptyFirst'), empties('emptyLast'), empties('emptyBoth'), empties('emptyRun')]).toEqual([[0], [8], [0, 8], [1, 2, 3, 4, 5, 6, 7]])
    expect(draw('allEmpty').every((l) => l === 0)).toBe(true)
    expect(draw('tileEdges').every((l) => [0, 1, 15].includes(l % 16))).toBe(true)
    expect(draw('onegiant').filter((l) => l === 100)).toHaveLength(1)
    expect(draw('onegiant').filter((l) => l <= 2)).toHaveLength(8)
    expect(draw('zipf').toSorted((a, b) => b - a).slice(0, 3)).toEqual([100, 44, 27])
    expect(draw('nearfull').every((l) => l >= 90)).toBe(true)
  })
})

describe('arbitraries meet every edge', () => {
  const edges: readonly (readonly [string, (l: readonly number[]) => boolean])[] = [
    ['B = 0', (l) => l.length === 0],
    ['all empty', (l) => l.length > 1 && l.every((x) => x === 0)],
    ['first empty', (l) => l[0] === 0 && l.some((x) => x > 0)],
    ['last empty', (l) => l.at(-1) === 0 && l.some((x) => x > 0)],
    ['length 1', (l) => l.includes(1)],
    ...[15, 16, 17, 31, 32, 33].map((n) => [`length ${n}`, (l: readonly number[]) => l.includes(n)] as const),
    ['one giant', (l) => l.length > 2 && l.filter((x) => x <= 2).length === l.length - 1 && Math.max(...l) > 30],
  ]
  test.each(edges)('%s', (_name, holds) => expect(sample.some(holds)).toBe(true))
  test('sums stay below the limit', () => expect(Math.max(...sample.map((l) => l.reduce((a, b) => a + b, 0)))).toBeLessThanOrEqual(200))
  test('head dims 1, 8, 16, 24, 32, 64, 96, 128 and others', () => {
    const dims = new Set(fc.sample(headDims(), { numRuns: 300, seed: 1 }))
    for (const d of [1, 8, 16, 24, 32, 64, 96, 128]) expect(dims.has(d)).toBe(true)
    expect(dims.size).toBeGreaterThan(50)
  })
  test('a failure shrinks to one short sequence', () => {
    const outcome = fc.check(fc.property(lengthsArbitrary(), (lengths) => lengths.every((l) => l < 17)), { seed: 3, numRuns: 300 })
    expect(outcome.counterexample![0]).toHaveLength(1)
    expect(outcome.counterexample![0]![0]).toBe(17)
  })
})
