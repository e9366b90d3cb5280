import { describe, expect, test } from 'vitest'
import { roundTo } from '../../runtime/dtypes.ts'
import { drawCase, expectedOf, rngOf } from '../../verify/index.ts'
import { topological } from '../../codegen/ir/hook.ts'
import type { NamedCapture } from '../../codegen/ir/algorithm.ts'
import { drawCaptures } from '../../verify/captures.ts'
import { shipped } from './shipped.ts'

const shape = { lengths: [3, 0, 17], heads: 2, headDim: 8, dtype: 'bf16' } as const
const draw = async (name: string, seed: number, over: object = {}) => drawCase(seed, (await shipped(name)).algorithm, { ...shape, ...over })

describe('drawCase', () => {
  test('the same seed and shape give the same case, another seed another', async () => {
    const [a, b, c] = await Promise.all([draw('hstu', 5), draw('hstu', 5), draw('hstu', 6)])
    expect(a.inputs).toEqual(b.inputs)
    expect(a.values).toEqual(b.values)
    expect(a.inputs.q).not.toEqual(c.inputs.q)
  })

  test('rows past the last offset are NaN, no other is; some cases have such rows and some have none', async () => {
    const extra = new Set<number>()
    for (let seed = 0; seed < 12; seed++) {
      const c = await draw('full', seed)
      const end = 20 * 2 * 8
      extra.add(c.rows - 20)
      for (const x of Object.values(c.values)) {
        expect(x.length).toBe(c.rows * 16)
        expect(x.subarray(0, end).every(Number.isFinite)).toBe(true)
        expect(x.subarray(end).every(Number.isNaN)).toBe(true)
      }
    }
    expect([...extra].sort()).toEqual([0, 1, 3])
  })

  test('inputs are values of the dtype; offsets come as i32 and as i64', async () => {
    const kinds = new Set<string>()
    for (let seed = 0; seed < 12; seed++) {
      const c = await draw('causal', seed)
      kinds.add(c.inputs.seqOffsets!.constructor.name)
      expect([...c.values.q].every((x) => Object.is(x, roundTo('bf16', x)))).toBe(true)
    }
    expect([...kinds].sort()).toEqual(['BigInt64Array', 'Int32Array'])
  })

  test('a whole scalar leans to values that matter to the lengths, its ends still come', () => {
    const captures: readonly NamedCapture[] = [{ name: 'window', kind: 'scalar', dtype: 'i32', perHead: false, range: [0, 100_000] }]
    const drawn = Array.from({ length: 400 }, (_, i) => drawCaptures(captures, { heads: 1, sequences: 1, rows: 64, end: 64, longest: 64 }, rngOf(i, 'capture')).window as number)
    const share = (holds: (w: number) => boolean): number => drawn.filter(holds).length / drawn.length
    expect(share((w) => w >= 1 && w <= 128)).toBeGreaterThan(0.3)
    expect(share((w) => w >= 1 && w < 11)).toBeGreaterThan(0.12)
    expect(share((w) => w > 128)).toBeGreaterThan(0.3)
    for (const end of [0, 100_000]) expect(share((w) => w === end)).toBeGreaterThan(0.05)
  })

  test.each(['sliding_window', 'prefix_lm', 'hstu'])('the default seed draws a %s that masks: no i32 scalar at an end of its range', async (name) => {
    const { algorithm } = await shipped(name)
    const { captures } = drawCase(1, algorithm, { lengths: [3, 0, 17, 64, 1, 33, 129], heads: 2, headDim: 8, dtype: 'f32' }).inputs
    const masking = new Set(topological(algorithm.maskMod!.body).flatMap((e) => (e.kind === 'capture' ? [e.name] : [])))
    for (const c of algorithm.captures.filter((x) => x.kind === 'scalar' && x.dtype === 'i32' && masking.has(x.name))) expect(c.range).not.toContain(captures![c.name] ?? c.default)
  })

  test('captures come from their hints, the ends of a range included, and have their shapes', async () => {
    const windows = new Set<number>()
    for (let seed = 0; seed < 60; seed++) windows.add((await draw('sliding_window', seed)).inputs.captures!.window as number)
    expect(Math.min(...windows)).toBe(0)
    expect(Math.max(...windows)).toBe(96)
    expect([...windows].every((w) => Number.isInteger(w))).toBe(true)
    expect((await draw('relative_bias', 1)).inputs.captures!.bias).toHaveLength(2 * 257)
    expect((await draw('hstu', 1)).inputs.captures!.numTargets).toHaveLength(3)
  })

  test('a capture with a default is left out sometimes', async () => {
    const given = new Set<boolean>()
    for (let seed = 0; seed < 20; seed++) given.add('contextual' in (await draw('hstu', seed)).inputs.captures!)
    expect(given.size).toBe(2)
  })

  test('scores all near -128 come up, where a zero-filled maximum gives NaN', async () => {
    const styles = await Promise.all(Array.from({ length: 30 }, async (_, seed) => draw('full', seed)))
    const negative = styles.find((c) => c.style === 'negative')!
    const score = negative.values.q.subarray(0, 8).reduce((sum, x, d) => sum + x * negative.values.k[d]!, 0) / Math.sqrt(8)
    expect(score).toBeLessThan(-104)
    expect(new Set(styles.map((c) => c.style)).size).toBe(4)
  })

  test('a length, or a head dim, that makes no sense is refused', async () => {
    await expect(draw('full', 1, { lengths: [2, -1] })).rejects.toThrow('SR5006')
    await expect(draw('full', 1, { headDim: 1.5 })).rejects.toThrow('SR6005')
    await expect(draw('full', 1, { heads: -2 })).rejects.toThrow('SR6005')
  })
})

describe('expectedOf', () => {
  test('is computed once for a case', async () => {
    const { definition } = await shipped('causal')
    const c = await draw('causal', 3)
    expect(expectedOf(definition, c)).toBe(expectedOf(definition, c))
    expect(expectedOf(definition, await draw('causal', 3))).not.toBe(expectedOf(definition, c))
  })

  test('a definition whose compiled hooks say something else is refused, hook by hook', async () => {
    const { definition } = await shipped('alibi')
    const c = await draw('alibi', 3)
    expect(() => expectedOf({ ...definition, maskMod: (_b, _h, q, kv) => kv < q }, c)).toThrow(/SR6003: maskMod as compiled gives true, the function itself gives false, at b = 0, h = 0, q = 0, kv = 0/)
    expect(() => expectedOf({ ...definition, scoreMod: (s: number) => s + 0.01 }, c)).toThrow('SR6003: scoreMod')
    const hstu = await shipped('hstu')
    const h = await draw('hstu', 3)
    expect(() => expectedOf({ ...hstu.definition, normalizer: { kind: 'pointwise', activation: (x: number) => x, scale: 1 } }, h)).toThrow('SR6003: scale')
  })

  test('weights of degree 6 stay in the range of f16, whatever the head dim', async () => {
    const { definition, algorithm } = await shipped('gdpa_gelu_taylor')
    for (const headDim of [1, 51, 128]) for (let seed = 0; seed < 20; seed++) expect(() => expectedOf(definition, drawCase(seed, algorithm, { ...shape, headDim, dtype: 'f16' })), `${headDim}, seed ${seed}`).not.toThrow()
  })

  test('outputs that the dtype cannot hold are not compared', async () => {
    const { definition, algorithm } = await shipped('hstu')
    const c = drawCase(2, algorithm, { ...shape, dtype: 'f16' })
    const huge = { ...c, values: { ...c.values, v: c.values.v.map((x) => x * 1e5) } }
    expect(() => expectedOf(definition, huge)).toThrow('SR6006')
  })
})
