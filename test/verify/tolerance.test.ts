import { describe, expect, test } from 'vitest'
import { allowedError, compareTensor } from '../../verify/index.ts'

describe('the tolerance rule', () => {
  test('k · plain + c · eps · max(1, max|ref|)', () => {
    expect(allowedError('cuda', 'f32', 0, 0.5)).toBe(4 * 2 ** -23)
    expect(allowedError('cuda', 'f32', 1e-6, 3)).toBe(2e-6 + 12 * 2 ** -23)
    expect(allowedError('wgsl', 'f32', 0, 1)).toBe(16 * 2 ** -23)
    expect(allowedError('wgsl', 'f16', 1e-3, 2)).toBe(2e-3 + 8 * 2 ** -10)
    expect(allowedError('cuda', 'bf16', 0, 1)).toBe(4 * 2 ** -7)
  })
})

describe('comparison', () => {
  const shape = { heads: 2, headDim: 2, seqOffsets: [0, 1, 1, 3] }
  const want = Float64Array.from({ length: 16 }, (_, i) => i)
  const compare = (change: (x: Float64Array) => void, allowed = 0.1) => {
    const got = want.slice()
    change(got)
    return compareTensor(got, want, allowed, 0, shape)
  }
  test('equal is ok, with no place', () => expect(compare(() => {})).toEqual({ ok: true, max: 0, allowed: 0.1, plain: 0 }))
  test('the worst element and where it is', () => {
    expect(compare((x) => { x[1]! += 0.05; x[11]! += 0.2 })).toMatchObject({ ok: false, at: { row: 2, head: 1, dim: 1, sequence: 2, position: 1, got: 11.2, want: 11 } })
    expect(compare((x) => { x[12]! += 1 }).at).toMatchObject({ row: 3, sequence: -1, position: 0 })
  })
  test.each([NaN, Infinity, -Infinity])('%s where the reference has none always fails', (bad) => expect(compare((x) => { x[4] = bad }, Infinity).max).toBe(Infinity))
  test('-inf must be -inf', () => {
    const lse = { ...shape, headDim: 1, lse: true }
    expect(compareTensor([-Infinity], [-Infinity], 0, 0, lse).ok).toBe(true)
    expect(compareTensor([-3e38], [-Infinity], 1, 0, lse)).toMatchObject({ ok: false, max: Infinity, at: { row: 0, head: 0 } })
    expect(compareTensor([Infinity], [-Infinity], 1, 0, lse).ok).toBe(false)
  })
  test('a tensor of another size fails', () => expect(compareTensor([1], [1, 2], 9, 0, shape).ok).toBe(false))
})
