import type { NamedCapture } from '../codegen/ir/algorithm.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import type { QueryLayout, SequenceView } from '../codegen/ir/layout.ts'
import { closest } from './closest.ts'
import { describe } from './offsets.ts'
import { type CaptureArray, type PairArgument, pairArgument, pairOffsets, placePair } from './pairs.ts'

export type { PairArgument } from './pairs.ts'

/** A perToken capture where queries have rows of their own. */
export interface SidesArgument {
  readonly q: CaptureArray
  readonly kv: CaptureArray
}
/** A number for a scalar; an array; `{ q, kv }` for a perToken capture of two sides; `{ values, rows, columns }` for a pair. */
export type CaptureArgument = number | CaptureArray | SidesArgument | PairArgument

/** Sizes that decide how long a capture is. */
export interface CaptureSizes {
  readonly kernel: string
  readonly heads: number
  readonly queries: QueryLayout
  readonly sequences: number
  /** Of each sequence, for pair captures. */
  readonly views: readonly SequenceView[]
  /** Rows of q and of k, and where those of sequences end. */
  readonly q: { readonly rows: number; readonly end: number }
  readonly kv: { readonly rows: number; readonly end: number }
}

type Numbers = Readonly<Record<string, number>>

export interface PackedCaptures {
  /** Scalars by name, rounded to their dtype. */
  readonly scalars: Numbers
  readonly arrays: { readonly i32: Int32Array; readonly f32: Float32Array }
  /** Element where each array starts in the buffer of its dtype. */
  readonly base: Numbers
  /** Where the keys' side of a perToken capture starts. */
  readonly baseKv: Numbers
  /** Entries of each table, per head. */
  readonly length: Numbers
  /** Of pair captures: see PairPlace. */
  readonly rows: Numbers
  readonly columns: Numbers
  readonly group: Numbers
  readonly headStride: Numbers
}

/** The hidden i32 array beside jagged pair captures: see `pairOffsets`. */
const PAIRS = 'pairs'

type Shape = (c: NamedCapture, s: CaptureSizes, got: number) => { readonly ok: boolean; readonly shape: string }

const exact = (want: number, shape: string, got: number) => ({ ok: got === want, shape: `${shape} = [${want}]` })
const rowsShape = (c: NamedCapture, { rows, end }: { readonly rows: number; readonly end: number }, got: number) => {
  const n = c.columns ?? 1
  const text = (what: string, count: number) => (c.columns ? `[${what}, ${n}] = [${count * n}]` : `[${what}] = [${count}]`)
  return { ok: got === rows * n || got === end * n, shape: rows === end ? text('rows', rows) : `${text('rows', rows)} or ${text('last offset', end)}` }
}
const shapes: Readonly<Record<Exclude<NamedCapture['kind'], 'scalar' | 'pair'>, Shape>> = {
  perHead: (_c, s, got) => exact(s.heads, '[heads]', got),
  perSequence: (_c, s, got) => exact(s.sequences, '[sequences]', got),
  perToken: (c, s, got) => rowsShape(c, s.q, got),
  table: (c, s, got) => ({ ok: !c.perHead || s.heads === 0 || got % s.heads === 0, shape: c.perHead ? `[heads, length], a multiple of ${s.heads},` : '[length]' }),
}

const shapeText = (c: NamedCapture, s: CaptureSizes): string => (c.kind === 'scalar' ? '[1]' : c.kind === 'pair' ? `${c.layout}` : shapes[c.kind](c, s, 0).shape)

const checkI32 = (name: string, value: number): void => {
  if (!Number.isInteger(value) || value !== (value | 0)) fail('SR5014', { name, value })
}

const scalarOf = (c: NamedCapture, given: CaptureArgument): number => {
  const length = typeof given === 'number' ? 1 : (given as CaptureArray | undefined)?.length
  if (length !== 1) fail('SR5012', { name: c.name, kind: c.kind, got: length ?? describe(given), shape: '[1]', dtype: c.dtype })
  const value = typeof given === 'number' ? given : checkArray(c, given)[0]!
  if (c.dtype === 'i32') checkI32(c.name, value)
  return c.dtype === 'f32' ? Math.fround(value) : value
}

const wanted = { i32: 'an Int32Array', f32: 'a Float32Array' } as const

const checkArray = (c: NamedCapture, given: unknown): CaptureArray => {
  const type = c.dtype === 'i32' ? Int32Array : Float32Array
  if (!(given instanceof type)) {
    if (c.dtype === 'i32' && given instanceof Float32Array) for (const value of given) checkI32(c.name, value)
    fail('SR5013', { name: c.name, got: describe(given), dtype: c.dtype, want: wanted[c.dtype] })
  }
  return given as CaptureArray
}

const refuse = (c: NamedCapture, got: number, shape: string): never => fail('SR5012', { name: c.name, kind: c.kind, got, shape, dtype: c.dtype })

const arrayOf = (c: NamedCapture, given: CaptureArgument, s: CaptureSizes): CaptureArray => {
  const array = checkArray(c, given)
  const { ok, shape } = shapes[c.kind as keyof typeof shapes](c, s, array.length)
  if (!ok) refuse(c, array.length, shape)
  if (c.kind === 'table' && array.length === 0 && s.heads > 0) fail('SR5015', { name: c.name, perHead: c.perHead ? ' per head' : '' })
  return array
}

const isSides = (given: CaptureArgument): given is SidesArgument => typeof given === 'object' && given !== null && 'q' in given && 'kv' in given

/** Queries' and keys' values of a perToken capture; one array serves both in self-attention. */
const sidesOf = (c: NamedCapture, given: CaptureArgument, s: CaptureSizes): readonly CaptureArray[] => {
  if (!isSides(given)) {
    const columns = c.columns ? `, ${c.columns} a row` : ''
    if (s.queries !== 'self') fail('SR5017', { name: c.name, got: typeof given === 'object' ? 'one array' : describe(given), queries: s.queries, qRows: s.q.rows, kvRows: s.kv.rows, columns })
    return [arrayOf(c, given, s)]
  }
  return (['q', 'kv'] as const).map((side) => {
    const array = checkArray(c, given[side])
    const { ok, shape } = rowsShape(c, s[side], array.length)
    return ok ? array : refuse({ ...c, name: `${c.name}.${side}` }, array.length, shape)
  })
}

/** Collects arrays of one dtype one after another. */
class Packer<T extends CaptureArray> {
  #parts: CaptureArray[] = []
  #length = 0
  add(array: CaptureArray): number {
    this.#parts.push(array)
    this.#length += array.length
    return this.#length - array.length
  }
  join(make: new (length: number) => T): T {
    const out = new make(this.#length)
    let at = 0
    for (const part of this.#parts) {
      out.set(part, at)
      at += part.length
    }
    return out
  }
}

/** Checks captures against their declarations and packs the arrays of each dtype one after another. Throws SR5010 to SR5019 and SR5040. */
export const packCaptures = (declared: readonly NamedCapture[], given: Readonly<Record<string, CaptureArgument>>, sizes: CaptureSizes): PackedCaptures => {
  const names = declared.map((c) => c.name)
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) fail('SR5011', { kernel: sizes.kernel, name, closest: closest(name, names) ?? 'none', known: names.join(', ') || 'none' })
  }
  const packers = { i32: new Packer<Int32Array>(), f32: new Packer<Float32Array>() }
  const numbers = { scalars: {}, base: {}, baseKv: {}, length: {}, rows: {}, columns: {}, group: {}, headStride: {} } as Record<Exclude<keyof PackedCaptures, 'arrays'>, Record<string, number>>
  const sums = declared.some((c) => c.kind === 'pair' && c.layout === 'jagged') ? pairOffsets(sizes.views) : undefined
  const kinds: Readonly<Record<NamedCapture['kind'], (c: NamedCapture, value: CaptureArgument) => void>> = {
    scalar: (c, value) => { numbers.scalars[c.name] = scalarOf(c, value) },
    perHead: (c, value) => { numbers.base[c.name] = packers[c.dtype].add(arrayOf(c, value, sizes)) },
    perSequence: (c, value) => { numbers.base[c.name] = packers[c.dtype].add(arrayOf(c, value, sizes)) },
    perToken: (c, value) => {
      const [q, kv] = sidesOf(c, value, sizes)
      numbers.base[c.name] = packers[c.dtype].add(q!)
      numbers.baseKv[c.name] = kv ? packers[c.dtype].add(kv) : numbers.base[c.name]!
    },
    table: (c, value) => {
      const array = arrayOf(c, value, sizes)
      numbers.length[c.name] = c.perHead ? array.length / Math.max(sizes.heads, 1) : array.length
      numbers.base[c.name] = packers[c.dtype].add(array)
    },
    pair: (c, value) => {
      const argument = pairArgument(c.name, c.dtype, value)
      const values = checkArray(c, argument.values)
      const place = placePair(c, argument, { heads: sizes.heads, sequences: sizes.sequences, total: sums?.at(-1) ?? 0 })
      for (const what of ['rows', 'columns', 'group', 'headStride'] as const) numbers[what][c.name] = place[what]
      numbers.base[c.name] = packers[c.dtype].add(values)
    },
  }
  for (const c of declared) {
    const value = given[c.name] ?? c.default
    if (value === undefined) fail('SR5010', { kernel: sizes.kernel, name: c.name, kind: c.kind, dtype: c.dtype, shape: shapeText(c, sizes) })
    kinds[c.kind](c, value!)
  }
  if (sums) numbers.base[PAIRS] = packers.i32.add(sums)
  return Object.freeze({ ...numbers, arrays: { i32: packers.i32.join(Int32Array), f32: packers.f32.join(Float32Array) } })
}
