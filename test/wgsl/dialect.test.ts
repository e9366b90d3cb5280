import { expect, test } from 'vitest'
import { wgslDialect } from '../../codegen/lower/wgsl-dialect.ts'

const dialect = wgslDialect([
  { name: 'timeStamp', kind: 'perToken', dtype: 'i32', perHead: false },
  { name: 'maxLen', kind: 'scalar', dtype: 'i32', perHead: false },
])

const floats: readonly (readonly [number, string])[] = [
  [0, '0.0'], [-0, '(-0.0)'], [1, '1.0'], [-1.5, '(-1.5)'], [1e-7, '1.0000000116860974e-7'], [1e21, '1e+21'.replace('1e+21', String(Math.fround(1e21)))],
  [Infinity, '3.4028234663852886e+38'], [-Infinity, '(-3.4028234663852886e+38)'],
]
test.each(floats)('the f32 constant %d', (value, text) => expect(dialect.literal(value, 'f32')).toBe(text))

test('NaN is not a constant that Tint can see', () => expect(dialect.literal(Number.NaN, 'f32')).toContain('params.num_heads'))

test('integers and booleans', () => {
  expect(dialect.literal(-2147483648, 'i32')).toBe('(-2147483648)')
  expect(dialect.literal(7, 'i32')).toBe('7')
  expect(dialect.literal(true, 'bool')).toBe('true')
})

test('captures are fields of seq, or read at a position', () => {
  expect(dialect.capture('maxLen')).toBe('seq.max_len')
  expect(dialect.capture('timeStamp', 'q')).toBe('time_stamp_q_at(seq, q)')
  expect(dialect.table('bias', 'kv')).toBe('bias_at(seq, h, kv)')
  expect(dialect.param('qLen')).toBe('seq.q_len')
})
