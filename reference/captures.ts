import type { AttentionDefinition, CaptureDecl } from '../dsl/index.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import type { SequenceView } from '../codegen/ir/layout.ts'

type Values = ArrayLike<number>
/** A number, an array, `{ q, kv }` for a perToken capture of two sides, `{ values, rows, columns }` for a pair. */
export type CaptureInput = number | Values | { readonly q: Values; readonly kv: Values } | { readonly values: Values; readonly rows?: number; readonly columns?: number }
export type CaptureInputs = Readonly<Record<string, CaptureInput>>

/** The pair that a hook is being asked about; a bound `seq` reads it. `q` and `kv` are positions. */
export interface Cursor {
  b: number
  h: number
  q: number
  kv: number
  view: SequenceView
}

export const startCursor = (): Cursor => ({ b: 0, h: 0, q: 0, kv: 0, view: { b: 0, qRow0: 0, outRow0: 0, qLen: 0, kvRow0: 0, kvLen: 0, position0: 0, dropped: 0 } })

/** Sizes that a capture's array is read by. */
export interface BindSizes {
  readonly heads: number
  readonly views: readonly Pick<SequenceView, 'qLen' | 'kvLen'>[]
}

/** Reads one capture at the cursor. Values of f32 captures are rounded to f32; indices out of range throw SR6001, SR6002, SR6007, or clamp as in a kernel. */
export interface BoundCapture {
  readonly decl: CaptureDecl
  read(side?: 'q' | 'kv'): number
  at(index: number): number
  clamped(index: number): number
  /** A number of a perToken capture with columns. */
  column(side: 'q' | 'kv', index: number): number
  clampedColumn(side: 'q' | 'kv', index: number): number
  pair(row: number, column: number): number
  clampedPair(row: number, column: number): number
}

const given = (name: string, decl: CaptureDecl, kernel: string, inputs: CaptureInputs): CaptureInput =>
  inputs[name] ?? decl.default ?? fail('SR5010', { kernel, name, kind: decl.kind, dtype: decl.dtype, shape: decl.kind })

type PairInput = Extract<CaptureInput, { readonly values: Values }>
type SidesInput = Extract<CaptureInput, { readonly q: Values }>
/** Arrays have a method called `values`. */
const isPair = (x: CaptureInput): x is PairInput => typeof x === 'object' && typeof (x as PairInput).values === 'object'
const isSides = (x: CaptureInput): x is SidesInput => typeof x === 'object' && 'kv' in x

const limit = (index: number, count: number): number => Math.max(0, Math.min(index, count - 1))

const pairReader = (name: string, decl: CaptureDecl, values: Values, shape: { readonly rows?: number; readonly columns?: number }, { heads, views }: BindSizes, cursor: Cursor) => {
  const dense = decl.layout === 'dense'
  const sums = [0]
  for (const v of views) sums.push(sums.at(-1)! + v.qLen * v.kvLen)
  const one = dense ? views.length * (shape.rows ?? 0) * (shape.columns ?? 0) : sums.at(-1)!
  const arrays = one > 0 ? values.length / one : 1
  const group = heads / arrays
  const sizes = () => (dense ? { rows: shape.rows!, columns: shape.columns! } : { rows: cursor.view.qLen, columns: cursor.view.kvLen })
  const at = (row: number, column: number): number => {
    const { rows, columns } = sizes()
    const head = decl.perHead ? Math.floor(cursor.h / group) : 0
    const from = dense ? (cursor.b * arrays + head) * rows * columns : head * one + sums[cursor.b]!
    return values[from + row * columns + column]!
  }
  return {
    pair: (row: number, column: number) => {
      const { rows, columns } = sizes()
      const inside = Number.isInteger(row) && Number.isInteger(column) && row >= 0 && row < rows && column >= 0 && column < columns
      return inside ? at(row, column) : fail('SR6007', { pair: name, row, column, rows, columns, q: cursor.q, kv: cursor.kv })
    },
    clampedPair: (row: number, column: number) => { const { rows, columns } = sizes(); return at(limit(row, rows), limit(column, columns)) },
  }
}

const bind = (name: string, decl: CaptureDecl, input: CaptureInput, sizes: BindSizes, cursor: Cursor): BoundCapture => {
  const f32 = decl.dtype === 'f32'
  const rounded = (x: Values): Values => (f32 && !(x instanceof Float32Array) ? Float32Array.from(x) : x)
  const whole = typeof input === 'number' ? [input] : isPair(input) ? input.values : isSides(input) ? input.q : (input as Values)
  const values = rounded(whole)
  const keys = isSides(input) ? rounded(input.kv) : values
  const length = decl.perHead ? values.length / Math.max(sizes.heads, 1) : values.length
  const n = decl.columns ?? 1
  const pick = (from: Values, i: number): number => (i < from.length ? from[i]! : fail('SR5012', { name, kind: decl.kind, got: from.length, shape: `at least [${i + 1}]`, dtype: decl.dtype }))
  const row = (side: 'q' | 'kv'): number => (side === 'q' ? cursor.view.qRow0 + cursor.q - cursor.view.position0 : cursor.view.kvRow0 + cursor.kv)
  const reads: Readonly<Record<CaptureDecl['kind'], (side?: 'q' | 'kv') => number>> = {
    scalar: () => pick(values, 0),
    perHead: () => pick(values, cursor.h),
    perSequence: () => pick(values, cursor.b),
    perToken: (side = 'q') => pick(side === 'q' ? values : keys, row(side) * n),
    table: () => values[0]!,
    pair: () => values[0]!,
  }
  const entry = (i: number): number => values[(decl.perHead ? cursor.h * length : 0) + i]!
  const checked = (i: number, count: number): number => {
    if (!Number.isInteger(i)) fail('SR6002', { table: name, index: i, length: count, q: cursor.q, kv: cursor.kv })
    if (i < 0 || i >= count) fail('SR6001', { table: name, index: i, length: count, last: count - 1, q: cursor.q, kv: cursor.kv })
    return i
  }
  const column = (side: 'q' | 'kv', i: number): number => pick(side === 'q' ? values : keys, row(side) * n + i)
  return {
    decl,
    read: reads[decl.kind],
    at: (i) => entry(checked(i, length)),
    clamped: (i) => entry(limit(i, length)),
    column: (side, i) => column(side, checked(i, n)),
    clampedColumn: (side, i) => column(side, limit(i, n)),
    ...pairReader(name, decl, values, isPair(input) ? input : {}, sizes, cursor),
  }
}

/** Every capture of a definition bound to its argument, a smScale capture left out. */
export const bindCaptures = (definition: AttentionDefinition, inputs: CaptureInputs, sizes: BindSizes, cursor: Cursor): Readonly<Record<string, BoundCapture>> =>
  Object.fromEntries(Object.entries(definition.captures).map(([name, decl]) => [name, bind(name, decl, given(name, decl, definition.name, inputs), sizes, cursor)]))

/** The hooks' last argument for the sequence and head under the cursor; perToken captures follow the cursor. */
export const seqOf = (bound: Readonly<Record<string, BoundCapture>>, { qLen, kvLen }: SequenceView): Readonly<Record<string, unknown>> => {
  const seq: Record<string, unknown> = { qLen, kvLen }
  for (const [name, capture] of Object.entries(bound)) {
    const { kind, columns } = capture.decl
    if (kind === 'table') seq[name] = capture.at
    else if (kind === 'pair') seq[name] = capture.pair
    else if (kind === 'perToken' && columns) seq[name] = { q: (i: number) => capture.column('q', i), kv: (i: number) => capture.column('kv', i) }
    else if (kind === 'perToken') seq[name] = Object.defineProperties({}, { q: { get: () => capture.read('q') }, kv: { get: () => capture.read('kv') } })
    else seq[name] = capture.read()
  }
  return Object.freeze(seq)
}

/** The launch name of a definition's smScale capture. */
export const smScaleName = (definition: AttentionDefinition): string =>
  typeof definition.smScale === 'object' ? (definition.smScale.name ?? 'smScale') : 'smScale'

/** The multiplier of q·k, rounded to f32 as a kernel gets it. */
export const smScaleValue = (definition: AttentionDefinition, headDim: number, inputs: CaptureInputs): number => {
  const s = definition.smScale
  if (s === undefined) return Math.fround(1 / Math.sqrt(Math.max(headDim, 1)))
  if (typeof s === 'number') return Math.fround(s)
  const value = given(smScaleName(definition), s, definition.name, inputs)
  return Math.fround(typeof value === 'number' ? value : (value as Values)[0]!)
}
