import type { AttentionDefinition, CaptureDecl } from '../dsl/index.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'

export type CaptureInput = number | ArrayLike<number>
export type CaptureInputs = Readonly<Record<string, CaptureInput>>

/** The pair that a hook is being asked about; a bound `seq` reads it. */
export interface Cursor {
  b: number
  h: number
  /** First packed row of the sequence. */
  row0: number
  q: number
  kv: number
}

/** Reads one capture at the cursor: `side` for perToken, `index` for a table. Values of f32 captures are rounded to f32. */
export interface BoundCapture {
  readonly decl: CaptureDecl
  read(side?: 'q' | 'kv'): number
  /** A table's entry; throws SR6001 or SR6002 where there is none. */
  at(index: number): number
  /** A table's entry as a kernel reads it: the index is limited to the table. */
  clamped(index: number): number
}

const given = (name: string, decl: CaptureDecl, kernel: string, inputs: CaptureInputs): CaptureInput =>
  inputs[name] ?? decl.default ?? fail('SR5010', { kernel, name, kind: decl.kind, dtype: decl.dtype, shape: decl.kind })

const bind = (name: string, decl: CaptureDecl, input: CaptureInput, heads: number, cursor: Cursor): BoundCapture => {
  const f32 = decl.dtype === 'f32'
  const values = typeof input === 'number' ? [input] : f32 ? Float32Array.from(input) : input
  const length = decl.perHead ? values.length / Math.max(heads, 1) : values.length
  const value = (i: number): number => {
    if (i >= values.length) fail('SR5012', { name, kind: decl.kind, got: values.length, shape: `at least [${i + 1}]`, dtype: decl.dtype })
    return f32 ? Math.fround(values[i]!) : values[i]!
  }
  const index: Readonly<Record<CaptureDecl['kind'], (side?: 'q' | 'kv') => number>> = {
    scalar: () => 0,
    perHead: () => cursor.h,
    perSequence: () => cursor.b,
    perToken: (side) => cursor.row0 + (side === 'q' ? cursor.q : cursor.kv),
    table: () => 0,
  }
  const place = index[decl.kind]
  const entry = (i: number): number => values[(decl.perHead ? cursor.h * length : 0) + i]!
  return {
    decl,
    read: (side) => value(place(side)),
    at: (i) => {
      if (!Number.isInteger(i)) fail('SR6002', { table: name, index: i, length, q: cursor.q, kv: cursor.kv })
      if (i < 0 || i >= length) fail('SR6001', { table: name, index: i, length, last: length - 1, q: cursor.q, kv: cursor.kv })
      return entry(i)
    },
    clamped: (i) => entry(Math.max(0, Math.min(i, length - 1))),
  }
}

/** Every capture of a definition bound to its argument, a smScale capture left out. */
export const bindCaptures = (definition: AttentionDefinition, inputs: CaptureInputs, heads: number, cursor: Cursor): Readonly<Record<string, BoundCapture>> =>
  Object.fromEntries(Object.entries(definition.captures).map(([name, decl]) => [name, bind(name, decl, given(name, decl, definition.name, inputs), heads, cursor)]))

/** The hooks' last argument for the sequence and head under the cursor; perToken captures follow the cursor. */
export const seqOf = (bound: Readonly<Record<string, BoundCapture>>, length: number): Readonly<Record<string, unknown>> => {
  const seq: Record<string, unknown> = { qLen: length, kvLen: length }
  for (const [name, capture] of Object.entries(bound)) {
    if (capture.decl.kind === 'table') seq[name] = capture.at
    else if (capture.decl.kind === 'perToken') seq[name] = Object.defineProperties({}, { q: { get: () => capture.read('q') }, kv: { get: () => capture.read('kv') } })
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
  return Math.fround(typeof value === 'number' ? value : value[0]!)
}
