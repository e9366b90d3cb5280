import type { AttentionInputs, AttentionOutput } from '../runtime/attention.ts'
import type { TensorBits } from '../runtime/dtypes.ts'
import { type AttentionCase, withTensors } from './case.ts'
import { rngOf } from './random/rng.ts'

/** One sequence whose inputs are changed. */
export interface Perturbation {
  readonly sequence: number
  /** Rows of out that may change: 1 for each. */
  readonly may: Uint8Array
  readonly inputs: AttentionInputs
}

const wordsOf = (x: TensorBits): Uint16Array | Uint32Array => (x instanceof Float32Array ? new Uint32Array(x.buffer, x.byteOffset, x.length) : x)

const NAN_BITS = { f32: NaN, f16: 0x7e01, bf16: 0x7fc1 } as const

/** Odd seeds put NaN into the sequence, even ones its own values, negated and in reverse order. */
const perturbTensor = (bits: TensorBits, from: number, to: number, c: AttentionCase): TensorBits => {
  const out = bits.slice()
  const part = out.subarray(from, to)
  if (c.seed % 2) return part.fill(NAN_BITS[c.dtype]), out
  const words = wordsOf(part.reverse())
  const sign = c.dtype === 'f32' ? 0x80000000 : 0x8000
  for (let i = 0; i < words.length; i++) words[i]! ^= sign
  return out
}

/** Values of one sequence's rows in reverse; in a layout where keys have their own rows, both sides. */
const perturbCaptures = (c: AttentionCase, sequence: number): AttentionInputs['captures'] => {
  const { qRow0, qLen, kvRow0, kvLen } = c.views[sequence]!
  const broadcast = c.extent.layout.queries === 'broadcast'
  const reversed = <T extends Int32Array | Float32Array>(array: T, from: number, count: number): T => {
    const out = array.slice() as T
    out.subarray(from, from + count).reverse()
    return out
  }
  return Object.fromEntries(
    Object.entries(c.inputs.captures ?? {}).map(([name, value]) => {
      const { kind, columns = 1 } = c.algorithm.captures.find((x) => x.name === name)!
      if (typeof value === 'number') return [name, value]
      if (kind === 'perToken') {
        if ('kv' in value) return [name, { q: broadcast ? value.q : reversed(value.q, qRow0 * columns, qLen * columns), kv: reversed(value.kv, kvRow0 * columns, kvLen * columns) }]
        return [name, c.extent.kvIndex ? value : reversed(value as Float32Array, qRow0 * columns, qLen * columns)]
      }
      if (kind !== 'perSequence') return [name, value]
      const out = (value as Float32Array).slice()
      out[sequence] = out[(sequence + 1) % out.length]!
      return [name, out]
    }),
  )
}

/** Changes one sequence's rows and captures; undefined where every row belongs to it or reads its keys. */
export const perturb = (c: AttentionCase): Perturbation | undefined => {
  const filled = c.views.filter((v) => v.qLen > 0)
  if (filled.length === 0) return undefined
  const { b: sequence, qRow0, qLen, kvRow0, kvLen } = rngOf(c.seed, 'leak').pick(filled)
  const may = new Uint8Array(c.rows)
  for (const v of c.views) if (v.b === sequence || (kvLen > 0 && v.kvLen > 0 && v.kvRow0 === kvRow0)) may.fill(1, v.outRow0, v.outRow0 + v.qLen)
  if (!may.includes(0)) return undefined
  const change = (bits: TensorBits, row0: number, rows: number, stride: number): TensorBits => perturbTensor(bits, row0 * stride, (row0 + rows) * stride, c)
  const { q, k, v } = c.bits
  const bits = {
    q: c.extent.layout.queries === 'broadcast' ? q : change(q, qRow0, qLen, c.heads * c.headDim),
    k: change(k, kvRow0, kvLen, c.kvHeads * c.headDim),
    v: change(v, kvRow0, kvLen, c.kvHeads * c.valueDim),
  }
  return { sequence, may, inputs: withTensors(c, bits, perturbCaptures(c, sequence)) }
}

/** The first element whose bits differ in a row that may not change (`stride` elements a row), or -1. */
export const firstDifference = (a: TensorBits, b: TensorBits, may?: Uint8Array, stride = 1): number => {
  const [x, y] = [wordsOf(a), wordsOf(b)]
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i] && !may?.[Math.floor(i / stride)]) return i
  return -1
}

/** One sentence where a row changed that neither belongs to the perturbed sequence nor reads its keys. */
export const describeLeak = (c: AttentionCase, p: Perturbation, before: AttentionOutput, after: AttentionOutput): string | undefined => {
  const stride = c.heads * c.valueDim
  const where = `changed when only sequence ${p.sequence} did`
  const out = firstDifference(before.bits, after.bits, p.may, stride)
  if (out >= 0) return `out of row ${Math.floor(out / stride)} ${where}`
  const lse = before.lse && after.lse ? firstDifference(before.lse, after.lse, p.may, c.heads) : -1
  return lse >= 0 ? `lse of row ${Math.floor(lse / c.heads)} ${where}` : undefined
}
