import type { NamedCapture } from '../ir/algorithm.ts'
import { snake } from './names.ts'
import type { Dialect } from './printer.ts'

const INT_MIN = -2147483648
const FLOAT_BITS: Readonly<Record<string, string>> = { Infinity: '0x7f800000u', '-Infinity': '0xff800000u', NaN: '0x7fc00000u' }

const int = (value: number): string => (value === INT_MIN ? '(-2147483647 - 1)' : value < 0 ? `(${value})` : String(value))

/** The fewest digits that read back as the same f32. */
const shortest = (value: number): string => {
  for (let digits = 1; digits < 9; digits++) if (Math.fround(Number(value.toPrecision(digits))) === value) return String(Number(value.toPrecision(digits)))
  return String(Number(value.toPrecision(9)))
}

/** Rounds to f32 first, so that the text is the number the kernel uses. */
const float = (value: number): string => {
  const rounded = Math.fround(value)
  const bits = FLOAT_BITS[String(rounded)]
  if (bits) return `uint_as_float(${bits})`
  const text = Object.is(rounded, -0) ? '-0' : shortest(rounded)
  const literal = /[.e]/.test(text) ? `${text}f` : `${text}.0f`
  return literal.startsWith('-') ? `(${literal})` : literal
}

const PARAMS: Readonly<Record<string, string>> = { qLen: 'seq.q_len', kvLen: 'seq.kv_len' }
const TYPES = { i32: 'int', f32: 'float', bool: 'bool' } as const

/** Prints hooks as CUDA C++; `params` and `seq` are in scope wherever a capture can be read. */
export const cudaDialect = (captures: readonly NamedCapture[]): Dialect => {
  const byName = new Map(captures.map((c) => [c.name, c]))
  const dtype = (name: string) => byName.get(name)!.dtype
  const rowEntry = (name: string, side: 'q' | 'kv'): string => {
    const columns = byName.get(name)!.columns ?? 1
    return side === 'q' ? `query_entry(params.base_${snake(name)}, seq, q, ${columns})` : `key_entry(params.base_kv_${snake(name)}, seq, kv, ${columns})`
  }
  return Object.freeze<Dialect>({
    target: 'cuda',
    literal: (value, type) => (type === 'bool' ? String(Boolean(value)) : type === 'i32' ? int(Number(value)) : float(Number(value))),
    param: (name) => PARAMS[name] ?? name,
    capture: (name, side) => (side ? `params.captures_${dtype(name)}[${rowEntry(name, side)}]` : `seq.${snake(name)}`),
    table: (name, index) => {
      const head = byName.get(name)!.perHead ? 'h' : '0'
      return `params.captures_${dtype(name)}[table_entry(params.base_${snake(name)}, params.length_${snake(name)}, ${head}, ${index})]`
    },
    column: (name, side, index) => `params.captures_${dtype(name)}[${rowEntry(name, side)} + column_entry(${index}, ${byName.get(name)!.columns})]`,
    pair: (name, row, column) => `params.captures_${dtype(name)}[${snake(name)}_entry(params, seq, b, h, ${row}, ${column})]`,
    declare: (name, type, value) => `const ${TYPES[type]} ${name} = ${value};`,
  })
}
