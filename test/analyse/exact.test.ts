import { describe, expect, test } from 'vitest'
import { analyseMask, countTiles, mapTiles, type TileClass } from '../../codegen/analyse/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { bruteTiles, seeded } from './brute.ts'

type Random = () => number
const upTo = (r: Random, n: number): number => Math.floor(r() * (n + 1))
const pick = <T>(r: Random, from: readonly T[]): T => from[Math.floor(r() * from.length)]!

/** Empty sequences, single tokens, tile ± 1, and anything else. */
const drawLength = (r: Random): number => pick(r, [() => 0, () => 1, () => pick(r, [16, 32, 64, 128]) + upTo(r, 2) - 1, () => upTo(r, 40), () => upTo(r, 300), () => upTo(r, 420)])()
const drawLengths = (r: Random): number[] => Array.from({ length: 1 + upTo(r, 2) }, () => drawLength(r))

/** From nothing to more than the sequence holds, and the values next to the limits. */
const edge = (r: Random, length: number): number => pick(r, [() => 0, () => 1, () => upTo(r, 8), () => upTo(r, 60), () => upTo(r, length), () => Math.max(0, length - upTo(r, 2)), () => length + upTo(r, 3), () => 2147483647])()

const captures: Readonly<Record<string, (r: Random, lengths: readonly number[]) => Record<string, number | number[]>>> = {
  full: () => ({}),
  causal: () => ({}),
  sliding_window: (r, lengths) => ({ window: r() < 0.3 ? pick(r, [0, 1073741823, 1073741824, 1_500_000_000, 2147483600]) : edge(r, Math.max(...lengths)) }),
  prefix_lm: (r, lengths) => ({ prefix: lengths.map((l) => edge(r, l) - (r() < 0.1 ? 5 : 0)) }),
  hstu: (r, lengths) => ({
    numTargets: lengths.map((l) => (r() < 0.3 ? 0 : edge(r, l)) - (r() < 0.05 ? 3 : 0)), contextual: r() < 0.4 ? 0 : edge(r, Math.max(...lengths)),
    maxAttnLen: r() < 0.4 ? 0 : edge(r, Math.max(...lengths)), minFullAttnSeqLen: r() < 0.5 ? 0 : edge(r, Math.max(...lengths)), maxSeqLen: 512,
  }),
}

const modes = { full: 'all', causal: 'bounds', sliding_window: 'bounds', prefix_lm: 'bounds', hstu: 'test' }

describe('tiles executed and tiles treated as full equal the minimum over all pairs', () => {
  test.each(Object.keys(captures))('%s, 200 length sets', { timeout: 240_000 }, async (name) => {
    const { definitions } = await loadFile(`kernels/${name}.ts`)
    const { algorithm, definition } = definitions[0]!
    const analysis = analyseMask(algorithm)
    expect(analysis.mode).toBe(modes[name as keyof typeof modes])
    const r = seeded(20261123)
    for (let set = 0; set < 200; set++) {
      const lengths = drawLengths(r)
      const given = captures[name]!(r, lengths)
      const [blockM, blockN] = [pick(r, [16, 32, 64, 128]), pick(r, [16, 32, 64, 128])]
      const problem = { lengths, heads: 1, captures: given, blockM, blockN }
      const maps = mapTiles(analysis, algorithm, problem)
      const wanted = { executed: 0, full: 0, partial: 0, empty: 0 }
      lengths.forEach((length, b) => {
        const seq = { qLen: length, kvLen: length, ...Object.fromEntries(Object.entries(given).map(([k, v]) => [k, Array.isArray(v) ? v[b] : v])) }
        const keep = definition.maskMod ? (q: number, kv: number): boolean => definition.maskMod!(b, 0, q, kv, seq) : () => true
        const brute = bruteTiles(keep, length, blockM, blockN)
        expect(maps[b]!.map((row) => row.classes), `set ${set}: length ${length}, ${blockM}x${blockN}, ${JSON.stringify(seq)}`).toEqual(brute)
        for (const c of brute.flat() as TileClass[]) { wanted[c]++; if (c !== 'empty') wanted.executed++ }
      })
      expect(countTiles(analysis, algorithm, problem)).toEqual(wanted)
    }
  })
})
