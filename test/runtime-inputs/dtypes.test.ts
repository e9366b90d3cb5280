import { describe, expect, test } from 'vitest'
import { decode, encode, fromBytes, roundTo } from '../../runtime/dtypes.ts'

const all = Uint16Array.from({ length: 65536 }, (_, i) => i)
const isNaNBits = { f16: (b: number) => (b & 0x7c00) === 0x7c00 && (b & 0x3ff) !== 0, bf16: (b: number) => (b & 0x7f80) === 0x7f80 && (b & 0x7f) !== 0 }
const hex = (x: number) => x.toString(16).padStart(4, '0')

describe.each(['f16', 'bf16'] as const)('%s', (dtype) => {
  const values = decode(dtype, all)

  test('every bit pattern survives a round trip (NaN becomes the quiet NaN)', () => {
    const back = encode(dtype, values)
    const wrong = [...all].filter((b) => (isNaNBits[dtype](b) ? !Number.isNaN(values[b]!) : back[b] !== b))
    expect(wrong).toEqual([])
  })

  test('half way between neighbours goes to the even one, a little more or less to the nearer', () => {
    const wrong: string[] = []
    for (let b = 0; b < (dtype === 'f16' ? 0x7bff : 0x7f7f); b++) {
      const [low, high] = [values[b]!, values[b + 1]!]
      const middle = (low + high) / 2
      const even = b % 2 === 0 ? low : high
      const nudge = (high - low) * 1e-9
      if (roundTo(dtype, middle) !== even || roundTo(dtype, middle - nudge) !== low || roundTo(dtype, middle + nudge) !== high) wrong.push(hex(b))
      if (roundTo(dtype, -middle) !== -even) wrong.push(`-${hex(b)}`)
    }
    expect(wrong).toEqual([])
  })

  test('past the largest is infinity, from half way on', () => {
    const max = values[dtype === 'f16' ? 0x7bff : 0x7f7f]!
    const step = max - values[dtype === 'f16' ? 0x7bfe : 0x7f7e]!
    expect(roundTo(dtype, max + step * 0.499)).toBe(max)
    expect(roundTo(dtype, max + step / 2)).toBe(Infinity)
    expect(roundTo(dtype, -max - step)).toBe(-Infinity)
  })
})

test('known bits', () => {
  expect([...encode('f16', [1, -2, 65504, 2 ** -24, 0.1, -0, Infinity, NaN])].map(hex)).toEqual(['3c00', 'c000', '7bff', '0001', '2e66', '8000', '7c00', '7e00'])
  expect([...encode('bf16', [1, -2, 3.140625, 0.1, -0, Infinity, NaN])].map(hex)).toEqual(['3f80', 'c000', '4049', '3dcd', '8000', '7f80', '7fc0'])
  expect([...encode('f32', [0.1])]).toEqual([Math.fround(0.1)])
})

test('a value between f32 neighbours is rounded once, not twice', () => {
  expect(roundTo('bf16', 1 + 2 ** -8 + 2 ** -40)).toBe(1 + 2 ** -7)
  expect(roundTo('f16', 1 + 2 ** -11 + 2 ** -40)).toBe(1 + 2 ** -10)
})

test('bytes at an odd place are still read', () => {
  const bytes = new Uint8Array(9)
  bytes.set([0, 0, 0x80, 0x3f], 1)
  expect([...fromBytes('f32', bytes.subarray(1), 2)]).toEqual([1, 0])
  expect([...fromBytes('bf16', bytes.subarray(1), 3)]).toEqual([0, 0x3f80, 0])
})
