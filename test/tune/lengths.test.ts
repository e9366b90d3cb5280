import { expect, test } from 'vitest'
import { drawLengths, lengthKinds, movieLensLengths, thinLengths } from '../../tune/lengths.ts'
import { printProfile, profileOf } from '../../tune/profile.ts'
import { workOf } from '../../tune/work.ts'
import { findWorkload, workloadKernel, workloadLengths, workloads } from '../../tune/workloads.ts'

test.each(Object.keys(lengthKinds))('%s: B lengths from 0 to N that the seed decides', (kind) => {
  const drawn = drawLengths(kind, 200, 500, 3)
  expect(drawn).toHaveLength(200)
  expect(drawn.every((l) => Number.isInteger(l) && l >= 0 && l <= 500)).toBe(true)
  expect(drawLengths(kind, 200, 500, 3)).toEqual(drawn)
  if (!['full', 'movielens'].includes(kind)) expect(drawLengths(kind, 200, 500, 4)).not.toEqual(drawn)
})

test('the kinds have the shapes their names promise', () => {
  expect(Math.min(...drawLengths('nearfull', 300, 1000, 1))).toBeGreaterThanOrEqual(900)
  expect(Math.max(...drawLengths('nearfull', 300, 1000, 1))).toBeLessThan(1000)
  expect(drawLengths('onegiant', 64, 999, 2).filter((l) => l > 2)).toEqual([999])
  expect([...drawLengths('zipf', 10, 100, 1)].sort((a, b) => b - a).slice(0, 2)).toEqual([100, 44])
  const tail = [...drawLengths('longtail', 999, 8192, 1)].sort((a, b) => a - b)
  expect(tail[499]).toBeGreaterThan(350)
  expect(tail[499]).toBeLessThan(700)
  expect(drawLengths('movielens', 700, 1000, 1).slice(610)).toEqual(movieLensLengths().slice(0, 90).map((l) => Math.min(l, 1000)))
})

test('an unknown kind or workload is SR7006 with the known ones', () => {
  expect(() => drawLengths('toString', 1, 1, 1)).toThrow(/SR7006.*toString.*\n.*longtail/)
  expect(() => findWorkload('huge')).toThrow(/SR7006.*huge.*\n.*ci-mid/)
})

test('every workload of self-attention can be drawn and names its kernel', () => {
  expect(workloads().map((w) => w.name)).toContain('ci-mid')
  for (const w of workloads().filter((x) => x.B < 2000)) expect(workloadLengths(w, 1)).toHaveLength(w.B)
  expect(['hstu1k', 'tailc', 'tail'].map((name) => workloadKernel(findWorkload(name)))).toEqual(['hstu', 'causal', 'full'])
})

test('thinned lengths keep the shape and fit the pairs', () => {
  const all = movieLensLengths()
  expect(thinLengths(all, Infinity)).toEqual(all)
  const few = thinLengths(all, 4e6)
  expect(few.reduce((sum, l) => sum + l * l, 0)).toBeLessThanOrEqual(4e6)
  expect(few.length).toBeGreaterThan(20)
  expect(thinLengths([900], 10)).toEqual([900])
  expect(thinLengths([], 10)).toEqual([])
})

test('profile: near batches share it, others do not', () => {
  expect(printProfile(profileOf(movieLensLengths()))).toBe('mean ~128, max <= 4096, density 0/8')
  expect(profileOf([])).toEqual({ mean: 0, max: 0, density: 0 })
  expect(profileOf([64, 64])).toEqual({ mean: 64, max: 64, density: 8 })
  expect(profileOf([60, 62])).toEqual(profileOf([63, 61]))
  expect(profileOf([65, 1])).not.toEqual(profileOf([64, 1]))
})

test('work: 4·H·D flops a pair, half when causal; every tensor moved once', () => {
  const shape = { heads: 2, headDim: 8, dtype: 'f16', lse: true } as const
  expect(workOf([3, 4], shape, false)).toEqual({ pairs: 25, flops: 4 * 2 * 8 * 25, bytes: 7 * 2 * (4 * 8 * 2 + 4) })
  expect(workOf([3, 4], shape, true).flops).toBe(2 * 2 * 8 * 25)
})
