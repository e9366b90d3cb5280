import type { AttentionInputs, AttentionOutput } from '../runtime/attention.ts'
import type { TensorBits } from '../runtime/dtypes.ts'
import type { AttentionCase } from './case.ts'
import { rngOf } from './random/rng.ts'

/** One sequence whose inputs are changed. */
export interface Perturbation {
  readonly sequence: number
  readonly from: number
  readonly to: number
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

const perturbCaptures = (c: AttentionCase, sequence: number, from: number, to: number): AttentionInputs['captures'] =>
  Object.fromEntries(
    Object.entries(c.inputs.captures ?? {}).map(([name, value]) => {
      const kind = c.algorithm.captures.find((x) => x.name === name)!.kind
      if (typeof value === 'number' || (kind !== 'perToken' && kind !== 'perSequence')) return [name, value]
      const out = value.slice()
      if (kind === 'perToken') out.subarray(from, to).reverse()
      else out[sequence] = out[(sequence + 1) % out.length]!
      return [name, out]
    }),
  )

/** Changes one sequence's rows and captures; undefined where no row belongs to another sequence or to none. */
export const perturb = (c: AttentionCase): Perturbation | undefined => {
  const filled = c.lengths.flatMap((l, b) => (l > 0 ? [b] : []))
  if (filled.length === 0) return undefined
  const sequence = rngOf(c.seed, 'leak').pick(filled)
  const [from, to] = [c.offsets[sequence]!, c.offsets[sequence + 1]!]
  if (to - from === c.rows) return undefined
  const stride = c.heads * c.headDim
  const change = (bits: TensorBits): TensorBits => perturbTensor(bits, from * stride, to * stride, c)
  const { q, k, v } = c.inputs
  return { sequence, from, to, inputs: { ...c.inputs, q: change(q), k: change(k), v: change(v), captures: perturbCaptures(c, sequence, from, to) } }
}

/** The first element whose bits differ outside [from, to), or -1. */
export const firstDifference = (a: TensorBits, b: TensorBits, from = 0, to = 0): number => {
  const [x, y] = [wordsOf(a), wordsOf(b)]
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i] && (i < from || i >= to)) return i
  return -1
}

/** One sentence where another row than the perturbed sequence's changed. */
export const describeLeak = (c: AttentionCase, p: Perturbation, before: AttentionOutput, after: AttentionOutput): string | undefined => {
  const stride = c.heads * c.headDim
  const out = firstDifference(before.bits, after.bits, p.from * stride, p.to * stride)
  if (out >= 0) return `out of row ${Math.floor(out / stride)} changed when only sequence ${p.sequence} (rows ${p.from} to ${p.to - 1}) did`
  const lse = before.lse && after.lse ? firstDifference(before.lse, after.lse, p.from * c.heads, p.to * c.heads) : -1
  return lse >= 0 ? `lse of row ${Math.floor(lse / c.heads)} changed when only sequence ${p.sequence} (rows ${p.from} to ${p.to - 1}) did` : undefined
}
