import type { Dtype } from '../codegen/ir/algorithm.ts'

/** A tensor as a kernel holds it: f32 values, or the bit patterns of f16 or bf16. */
export type TensorBits = Float32Array | Uint16Array

interface Format {
  readonly bytes: 2 | 4
  /** Significant bits, the hidden one included. */
  readonly precision: number
  readonly minExponent: number
  readonly max: number
}

const formats: Readonly<Record<Dtype, Format>> = Object.freeze({
  f32: { bytes: 4, precision: 24, minExponent: -126, max: 3.4028234663852886e38 },
  f16: { bytes: 2, precision: 11, minExponent: -14, max: 65504 },
  bf16: { bytes: 2, precision: 8, minExponent: -126, max: 3.3895313892515355e38 },
})

const f64 = new Float64Array(1)
const f64Words = new Uint32Array(f64.buffer)
const f32 = new Float32Array(1)
const f32Word = new Uint32Array(f32.buffer)

const exponentOf = (x: number): number => {
  f64[0] = x
  return ((f64Words[1]! >>> 20) & 0x7ff) - 1023
}

const roundEven = (x: number): number => {
  const low = Math.floor(x)
  const rest = x - low
  return rest > 0.5 || (rest === 0.5 && low % 2 !== 0) ? low + 1 : low
}

/** The nearest value of a dtype, ties to even, past the largest to infinity; NaN stays NaN. */
export const roundTo = (dtype: Dtype, x: number): number => {
  if (dtype === 'f32') return Math.fround(x)
  if (x === 0 || !Number.isFinite(x)) return x
  const { precision, minExponent, max } = formats[dtype]
  const quantum = 2 ** (Math.max(exponentOf(x), minExponent) - precision + 1)
  const magnitude = roundEven(Math.abs(x) / quantum) * quantum
  const rounded = magnitude > max ? Infinity : magnitude
  return x < 0 ? -rounded : rounded
}

const bf16Bits = (x: number): number => {
  f32[0] = roundTo('bf16', x)
  return Number.isNaN(x) ? 0x7fc0 : f32Word[0]! >>> 16
}

const bf16Value = (bits: number): number => {
  f32Word[0] = bits << 16
  return f32[0]!
}

const f16Bits = (x: number): number => {
  if (Number.isNaN(x)) return 0x7e00
  const r = roundTo('f16', x)
  const sign = r < 0 || Object.is(r, -0) ? 0x8000 : 0
  const a = Math.abs(r)
  if (a === Infinity) return sign | 0x7c00
  if (a < 2 ** -14) return sign | (a * 2 ** 24)
  const e = exponentOf(a)
  return sign | ((e + 15) << 10) | (a * 2 ** (10 - e) - 1024)
}

const f16Value = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1
  const e = (bits >>> 10) & 31
  const m = bits & 1023
  if (e === 31) return m ? NaN : sign * Infinity
  return sign * (e === 0 ? m * 2 ** -24 : (1024 + m) * 2 ** (e - 25))
}

const codecs = Object.freeze({ f16: { bits: f16Bits, value: f16Value }, bf16: { bits: bf16Bits, value: bf16Value } })

export const bytesOf = (dtype: Dtype): 2 | 4 => formats[dtype].bytes

/** Rounds values to a dtype (nearest, ties to even) and gives their bits. */
export const encode = (dtype: Dtype, values: ArrayLike<number>): TensorBits => {
  if (dtype === 'f32') return Float32Array.from(values)
  const out = new Uint16Array(values.length)
  const { bits } = codecs[dtype]
  for (let i = 0; i < out.length; i++) out[i] = bits(values[i]!)
  return out
}

/** The exact values that bits of a dtype stand for. */
export const decode = (dtype: Dtype, bits: TensorBits): Float64Array => {
  if (dtype === 'f32') return Float64Array.from(bits)
  const out = new Float64Array(bits.length)
  const { value } = codecs[dtype]
  for (let i = 0; i < out.length; i++) out[i] = value(bits[i]!)
  return out
}

/** The typed array of a dtype over bytes; they are copied where their alignment demands it. */
export const fromBytes = (dtype: Dtype, bytes: Uint8Array, elements: number): TensorBits => {
  const size = bytesOf(dtype)
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice()
  return dtype === 'f32' ? new Float32Array(aligned.buffer, aligned.byteOffset, elements) : new Uint16Array(aligned.buffer, aligned.byteOffset, elements)
}

/** What an array of a dtype is called in messages. */
export const arrayNames: Readonly<Record<Dtype, string>> = Object.freeze({ f32: 'a Float32Array', f16: 'a Uint16Array of f16 bits', bf16: 'a Uint16Array of bf16 bits' })
