import { expect, it } from 'vitest'
import { cudaDialect } from '../../codegen/lower/cuda-dialect.ts'

const dialect = cudaDialect([
  { name: 'stampOf', kind: 'perToken', dtype: 'i32', perHead: false },
  { name: 'bias', kind: 'table', dtype: 'f32', perHead: true },
  { name: 'flat', kind: 'table', dtype: 'f32', perHead: false },
  { name: 'maxLen', kind: 'scalar', dtype: 'i32', perHead: false },
])

it.each([
  [1, '1.0f'], [-0, '(-0.0f)'], [0.1, '0.1f'], [1e-45, '1e-45f'], [3.4e38, '3.4e+38f'], [1e39, 'uint_as_float(0x7f800000u)'], [-Infinity, 'uint_as_float(0xff800000u)'], [NaN, 'uint_as_float(0x7fc00000u)'],
])('prints the f32 %d as %s', (value, text) => expect(dialect.literal(value, 'f32')).toBe(text))

it('prints an f32 that reads back as the same number', () => {
  for (const value of [Math.PI, 1 / 3, 16777217, 1.17549435e-38, -2.5e-7]) {
    expect(Math.fround(Number(dialect.literal(value, 'f32').replace(/[()f]/g, '')))).toBe(Math.fround(value))
  }
})

it('prints integers that C++ reads as int', () => {
  expect(dialect.literal(-2147483648, 'i32')).toBe('(-2147483647 - 1)')
  expect(dialect.literal(-5, 'i32')).toBe('(-5)')
})

it('reads captures where the launch puts them', () => {
  expect(dialect.capture('maxLen')).toBe('seq.max_len')
  expect(dialect.capture('stampOf', 'kv')).toBe('stamp_of_kv_at(params, seq, kv)')
  expect(dialect.table('bias', 'i')).toBe('bias_at(params, seq, h, i)')
  expect(dialect.column('stampOf', 'q', 'i')).toBe('stamp_of_q_at(params, seq, q, i)')
  expect(dialect.pair('rel', 'i', 'j')).toBe('rel_at(params, seq, b, h, i, j)')
})
