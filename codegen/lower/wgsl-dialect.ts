import type { NamedCapture } from '../ir/algorithm.ts'
import type { ScalarType } from '../ir/hook.ts'
import { snake } from './names.ts'
import type { Dialect } from './printer.ts'

const MAX_F32 = 3.4028234663852886e38
/** WGSL has no NaN constant: bits that the shader compiler cannot see are a constant. */
const NAN = 'bitcast<f32>(0x7fc00000u | (params.num_heads & 0u))'

/** Infinities become the largest finite f32: WGSL refuses infinite constants. */
const float = (value: number): string => {
  if (Number.isNaN(value)) return NAN
  const x = Math.max(-MAX_F32, Math.min(MAX_F32, Math.fround(value)))
  const digits = Math.abs(x).toString()
  const text = /[.e]/.test(digits) ? digits : `${digits}.0`
  return x < 0 || Object.is(x, -0) ? `(-${text})` : text
}

const integer = (value: number): string => (value < 0 ? `(${value})` : String(value))

const literals: Readonly<Record<ScalarType, (value: number | boolean) => string>> = {
  f32: (v) => float(Number(v)),
  i32: (v) => integer(Number(v)),
  bool: (v) => String(Boolean(v)),
}

const params: Readonly<Record<string, string>> = { qLen: 'seq.q_len', kvLen: 'seq.kv_len' }

/** How WGSL spells leaves: captures of one number are fields of `seq`, arrays are read through `NAME_at`. */
export const wgslDialect = (captures: readonly NamedCapture[]): Dialect => {
  const perToken = new Set(captures.filter((c) => c.kind === 'perToken').map((c) => c.name))
  return {
    target: 'wgsl',
    literal: (value, type) => literals[type](value),
    param: (name) => params[name] ?? name,
    capture: (name, side) => (perToken.has(name) ? `${snake(name)}_${side}_at(seq, ${side})` : `seq.${snake(name)}`),
    table: (name, index) => `${snake(name)}_at(seq, h, ${index})`,
    column: (name, side, index) => `${snake(name)}_${side}_at(seq, ${side}, ${index})`,
    pair: (name, row, column) => `${snake(name)}_at(seq, b, h, ${row}, ${column})`,
    declare: (name, _type, value) => `let ${name} = ${value};`,
  }
}
