import type { ts } from 'ts-morph'
import type { CaptureDecl } from '../../dsl/captures.ts'
import type { NamedCapture, SmScale } from '../ir/algorithm.ts'
import type { Interpreter } from './interpreter.ts'
import { captureProblem } from './reserved.ts'
import { expr, type ObjectValue, type Value } from './values.ts'

const KINDS = ['scalar', 'perHead', 'perSequence', 'perToken', 'table', 'pair']

const numberProblem = (what: string, value: unknown, dtype: string): string | undefined => {
  if (typeof value !== 'number' || !Number.isFinite(value)) return `its ${what} is ${String(value)}, not a finite number`
  if (dtype === 'i32' && (!Number.isInteger(value) || Math.abs(value) >= 2 ** 31)) return `its ${what} ${value} is not an i32`
  return undefined
}

const declProblem = (d: CaptureDecl): string | undefined => {
  if (!d || typeof d !== 'object' || !KINDS.includes(d.kind)) return 'it is not a capture declaration'
  if (d.dtype !== 'i32' && d.dtype !== 'f32') return `its dtype is '${String(d.dtype)}', not 'i32' or 'f32'`
  if (d.default !== undefined && d.kind !== 'scalar') return 'only a scalar has a default'
  if (d.perHead && d.kind !== 'table' && d.kind !== 'pair') return '`perHead` is an option of table and pair'
  if (d.kind === 'pair' && d.layout !== 'dense' && d.layout !== 'jagged') return `its layout is '${String(d.layout)}', not 'dense' or 'jagged'`
  if (d.columns !== undefined && (d.kind !== 'perToken' || !Number.isInteger(d.columns) || d.columns < 1)) return `its columns are ${String(d.columns)}: a positive whole number, of perToken`
  if (d.length !== undefined && (!Number.isInteger(d.length) || d.length < 1)) return `its length is ${String(d.length)}, not a positive whole number`
  const range = d.range as readonly number[] | undefined
  if (range && (range.length !== 2 || !(range[0]! <= range[1]!))) return `its range ${JSON.stringify(range)} is not [low, high]`
  return (d.default === undefined ? undefined : numberProblem('default', d.default, d.dtype)) ?? range?.map((r) => numberProblem('range', r, d.dtype)).find(Boolean)
}

const declared = (name: string, d: CaptureDecl): NamedCapture => {
  const { kind, dtype, perHead, default: initial, range, length, columns, layout } = d
  return Object.freeze({ name, kind, dtype, perHead, ...(initial !== undefined && { default: initial }), ...(range && { range: Object.freeze([range[0], range[1]] as const) }), ...(length !== undefined && { length }), ...(columns !== undefined && { columns }), ...(layout && { layout }) })
}

/** The captures of a live definition, checked; `at` finds the author's place for one of them. */
export const readCaptures = (I: Interpreter, live: Readonly<Record<string, CaptureDecl>>, at: (name: string) => ts.Node): NamedCapture[] => {
  const read: NamedCapture[] = []
  for (const [name, decl] of Object.entries(live)) {
    I.attempt(() => {
      const wrong = declProblem(decl)
      const why = captureProblem(wrong ? declared(name, { kind: 'scalar', dtype: 'f32', perHead: false }) : declared(name, decl), read)
      if (why && !wrong) read.push(declared(name, decl)) // hooks may use it without a second message
      if (why) I.refuse('SR1010', at(name), { name, why, suggestion: `${name.replace(/[^A-Za-z0-9_]/g, '').replace(/^[^A-Za-z]+/, '') || 'my'}Value` })
      const problem = wrong ?? (decl.name !== undefined && decl.name !== name ? `\`name: '${decl.name}'\` is for smScale; a capture is named by its key` : undefined)
      if (problem) I.refuse('SR1012', at(name), { name, why: problem })
      read.push(declared(name, decl))
      return { kind: 'undefined' }
    })
  }
  return read
}

/** smScale as the kernel takes it; a capture comes with its declaration under its launch name. */
export const readSmScale = (I: Interpreter, live: number | CaptureDecl<'scalar'> | undefined, captures: readonly NamedCapture[], node: ts.Node): { smScale: SmScale; capture?: NamedCapture } => {
  if (live === undefined) return { smScale: { kind: 'default' } }
  if (typeof live === 'number') {
    if (!Number.isFinite(Math.fround(live))) I.refuse('SR1013', node, { found: String(live) })
    return { smScale: { kind: 'const', value: live } }
  }
  if (live?.kind !== 'scalar' || live.dtype !== 'f32') return I.refuse('SR1013', node, { found: live?.kind ? `a ${live.kind} capture of ${live.dtype}` : String(live) })
  const name = live.name ?? 'smScale'
  const why = name === 'smScale' ? undefined : captureProblem(declared(name, live), captures)
  if (why) I.refuse('SR1010', node, { name, why, suggestion: `${name.replace(/\W/g, '')}Scale` })
  const problem = declProblem(live)
  if (problem) I.refuse('SR1012', node, { name, why: problem })
  return { smScale: { kind: 'capture', name }, capture: declared(name, live) }
}

const value = (I: Interpreter, c: NamedCapture, sides: readonly ('q' | 'kv')[]): Value => {
  if (c.kind === 'perToken') return { kind: 'perToken', name: c.name, type: c.dtype, sides, ...(c.columns && { columns: c.columns }) }
  if (c.kind === 'pair') return { kind: 'table', name: c.name, type: c.dtype, pair: true }
  return c.kind === 'table' ? { kind: 'table', name: c.name, type: c.dtype } : expr(I.builder.capture(c.dtype, c.name))
}

/** The last argument of every hook. `sides`: whose rows a perToken capture can be read at; a scale has only the query's. */
export const seqValue = (I: Interpreter, captures: readonly NamedCapture[], sides: readonly ('q' | 'kv')[]): ObjectValue => ({
  kind: 'object', role: 'seq',
  fields: new Map<string, Value>([
    ['qLen', expr(I.builder.param('i32', 'qLen'))], ['kvLen', expr(I.builder.param('i32', 'kvLen'))], ...captures.map((c): [string, Value] => [c.name, value(I, c, sides)]),
  ]),
})
