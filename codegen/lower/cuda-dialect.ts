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

/** Where registers are few, conditions that end early hold less than all of them at once. */
const shortCircuits = { and: (a: readonly string[]) => `(${a[0]} && ${a[1]})`, or: (a: readonly string[]) => `(${a[0]} || ${a[1]})` }

/** Prints hooks as CUDA C++; `params` and `seq` are in scope wherever a capture can be read. Captures of one number are fields of `seq`, arrays are read through `NAME_at`. */
export const cudaDialect = (captures: readonly NamedCapture[], early = false): Dialect => {
  const perToken = new Set(captures.filter((c) => c.kind === 'perToken').map((c) => c.name))
  return Object.freeze<Dialect>({
    target: 'cuda',
    ...(early && { operators: shortCircuits }),
    literal: (value, type) => (type === 'bool' ? String(Boolean(value)) : type === 'i32' ? int(Number(value)) : float(Number(value))),
    param: (name) => PARAMS[name] ?? name,
    capture: (name, side) => (perToken.has(name) ? `${snake(name)}_${side}_at(params, seq, ${side})` : `seq.${snake(name)}`),
    table: (name, index) => `${snake(name)}_at(params, seq, h, ${index})`,
    column: (name, side, index) => `${snake(name)}_${side}_at(params, seq, ${side}, ${index})`,
    pair: (name, row, column) => `${snake(name)}_at(params, seq, b, h, ${row}, ${column})`,
    declare: (name, type, value) => `const ${TYPES[type]} ${name} = ${value};`,
  })
}
