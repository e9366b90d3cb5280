import type { NamedCapture } from '../codegen/ir/algorithm.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import { closest } from './closest.ts'
import { describe } from './offsets.ts'

export type CaptureArgument = number | Int32Array | Float32Array

/** Sizes that decide how long a capture is. `end` is the last offset. */
export interface CaptureSizes {
  readonly kernel: string
  readonly heads: number
  readonly sequences: number
  readonly rows: number
  readonly end: number
}

export interface PackedCaptures {
  /** Scalars by name, rounded to their dtype. */
  readonly scalars: Readonly<Record<string, number>>
  readonly arrays: { readonly i32: Int32Array; readonly f32: Float32Array }
  /** Element where each array starts in the buffer of its dtype. */
  readonly base: Readonly<Record<string, number>>
  /** Entries of each table, per head. */
  readonly length: Readonly<Record<string, number>>
}

type Shape = (c: NamedCapture, s: CaptureSizes, got: number) => { readonly ok: boolean; readonly shape: string }

const exact = (want: number, shape: string, got: number) => ({ ok: got === want, shape: `${shape} = [${want}]` })
const shapes: Readonly<Record<Exclude<NamedCapture['kind'], 'scalar'>, Shape>> = {
  perHead: (_c, s, got) => exact(s.heads, '[heads]', got),
  perSequence: (_c, s, got) => exact(s.sequences, '[sequences]', got),
  perToken: (_c, s, got) => ({ ok: got === s.rows || got === s.end, shape: s.rows === s.end ? `[rows] = [${s.rows}]` : `[rows] = [${s.rows}] or [last offset] = [${s.end}]` }),
  table: (c, s, got) => ({ ok: !c.perHead || s.heads === 0 || got % s.heads === 0, shape: c.perHead ? `[heads, length], a multiple of ${s.heads},` : '[length]' }),
}

const shapeText = (c: NamedCapture, s: CaptureSizes): string => (c.kind === 'scalar' ? '[1]' : shapes[c.kind](c, s, 0).shape)

const checkI32 = (name: string, value: number): void => {
  if (!Number.isInteger(value) || value !== (value | 0)) fail('SR5014', { name, value })
}

const scalarOf = (c: NamedCapture, given: CaptureArgument): number => {
  if (typeof given !== 'number' && given?.length !== 1) fail('SR5012', { name: c.name, kind: c.kind, got: given?.length ?? describe(given), shape: '[1]', dtype: c.dtype })
  if (typeof given !== 'number') checkArray(c, given)
  const value = typeof given === 'number' ? given : given[0]!
  if (c.dtype === 'i32') checkI32(c.name, value)
  return c.dtype === 'f32' ? Math.fround(value) : value
}

const wanted = { i32: 'an Int32Array', f32: 'a Float32Array' } as const

const checkArray = (c: NamedCapture, given: CaptureArgument): Int32Array | Float32Array => {
  const type = c.dtype === 'i32' ? Int32Array : Float32Array
  if (typeof given === 'number' || !(given instanceof type)) {
    if (c.dtype === 'i32' && given instanceof Float32Array) for (const value of given) checkI32(c.name, value)
    fail('SR5013', { name: c.name, got: describe(given), dtype: c.dtype, want: wanted[c.dtype] })
  }
  return given as Int32Array | Float32Array
}

const arrayOf = (c: NamedCapture, given: CaptureArgument, s: CaptureSizes): Int32Array | Float32Array => {
  const array = checkArray(c, given)
  const { ok, shape } = shapes[c.kind as keyof typeof shapes](c, s, array.length)
  if (!ok) fail('SR5012', { name: c.name, kind: c.kind, got: array.length, shape, dtype: c.dtype })
  if (c.kind === 'table' && array.length === 0 && s.heads > 0) fail('SR5015', { name: c.name, perHead: c.perHead ? ' per head' : '' })
  return array
}

const pack = <T extends Int32Array | Float32Array>(make: new (length: number) => T, parts: readonly { readonly name: string; readonly array: T }[]) => {
  const out = new make(parts.reduce((sum, p) => sum + p.array.length, 0))
  const base: Record<string, number> = {}
  let at = 0
  for (const { name, array } of parts) {
    base[name] = at
    out.set(array, at)
    at += array.length
  }
  return { out, base }
}

/** Checks captures against their declarations and packs the arrays of each dtype one after another. Throws SR5010 to SR5015. */
export const packCaptures = (declared: readonly NamedCapture[], given: Readonly<Record<string, CaptureArgument>>, sizes: CaptureSizes): PackedCaptures => {
  const names = declared.map((c) => c.name)
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) fail('SR5011', { kernel: sizes.kernel, name, closest: closest(name, names) ?? 'none', known: names.join(', ') || 'none' })
  }
  const scalars: Record<string, number> = {}
  const length: Record<string, number> = {}
  const i32: { name: string; array: Int32Array }[] = []
  const f32: { name: string; array: Float32Array }[] = []
  for (const c of declared) {
    const value = given[c.name] ?? c.default
    if (value === undefined) fail('SR5010', { kernel: sizes.kernel, name: c.name, kind: c.kind, dtype: c.dtype, shape: shapeText(c, sizes) })
    if (c.kind === 'scalar') {
      scalars[c.name] = scalarOf(c, value!)
      continue
    }
    const array = arrayOf(c, value!, sizes)
    if (c.kind === 'table') length[c.name] = c.perHead ? array.length / Math.max(sizes.heads, 1) : array.length
    if (c.dtype === 'i32') i32.push({ name: c.name, array: array as Int32Array })
    else f32.push({ name: c.name, array: array as Float32Array })
  }
  const packedI32 = pack(Int32Array, i32)
  const packedF32 = pack(Float32Array, f32)
  return Object.freeze({ scalars, arrays: { i32: packedI32.out, f32: packedF32.out }, base: { ...packedI32.base, ...packedF32.base }, length })
}
