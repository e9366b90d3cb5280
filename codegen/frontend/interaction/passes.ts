import type { ts } from 'ts-morph'
import type { ReductionOp } from '../../../dsl/reductions.ts'
import type { Expr } from '../../ir/hook.ts'
import type { Pass } from '../../ir/interaction/types.ts'
import type { Interpreter } from '../interpreter.ts'
import { asF32 } from '../typing.ts'
import { expr, type Value } from '../values.ts'

const I32_MAX = 2_147_483_647

/** What a reduction is made of, and what the epilogue receives of it. */
export interface Reduced { readonly passes: readonly Pass[]; readonly y: Value }

export interface Reducing {
  readonly I: Interpreter
  readonly values: readonly Value[]
  readonly isList: boolean
  readonly axes: readonly string[]
  readonly node: ts.Node
  /** Statistics that the epilogue reads; undefined: all. */
  readonly reads?: ReadonlySet<string>
}

const stat = ({ I }: Reducing, n: number, type: 'f32' | 'i32' = 'f32'): Expr => I.builder.param(type, `stat:${n}`)
const floats = ({ I, values, node }: Reducing): readonly Expr[] => values.map((v) => asF32(I, v, node))
const op = ({ I, node }: Reducing, name: string, ...args: readonly Expr[]): Expr => I.op(name, args, node)

const plain = (name: 'sum' | 'mean' | 'max') => (r: Reducing): Reduced => {
  const values = floats(r)
  const items = values.map((_v, i) => expr(stat(r, i)))
  return { passes: [{ op: name, values }], y: r.isList ? { kind: 'array', items } : items[0]! }
}

const argmax = (r: Reducing): Reduced => {
  const [v] = floats(r)
  const where = op(r, 'select', op(r, 'eq', v!, stat(r, 0)), r.I.builder.param('i32', `at:${r.axes[0]!}`), r.I.constant('i32', I32_MAX))
  return { passes: [{ op: 'max', values: [v!] }, { op: 'min', values: [where] }], y: expr(stat(r, 1, 'i32')) }
}

const softmax = (r: Reducing): Reduced => {
  const [v] = floats(r)
  const weight = op(r, 'exp', op(r, 'sub', v!, stat(r, 0)))
  return { passes: [{ op: 'max', values: [v!], detached: true }, { op: 'sum', values: [weight] }], y: expr(op(r, 'div', weight, stat(r, 1))) }
}

/** The mean is left out where neither it nor the variance is read. */
const moments = (r: Reducing): Reduced => {
  const [v] = floats(r)
  const read = (name: string): boolean => r.reads?.has(name) ?? true
  const square = op(r, 'mul', v!, v!)
  const hasMean = read('mean') || read('variance') || !read('meanSquare')
  const first = [...(hasMean ? [v!] : []), ...(read('meanSquare') ? [square] : [])]
  const away = op(r, 'sub', v!, stat(r, 0))
  const second: readonly Pass[] = read('variance') ? [{ op: 'mean', values: [op(r, 'mul', away, away)] }] : []
  const fields = new Map<string, Value>([['value', expr(v!)]])
  if (hasMean) fields.set('mean', expr(stat(r, 0)))
  if (read('meanSquare')) fields.set('meanSquare', expr(stat(r, hasMean ? 1 : 0)))
  if (read('variance')) fields.set('variance', expr(stat(r, first.length)))
  return { passes: [{ op: 'mean', values: first }, ...second], y: { kind: 'object', fields } }
}

/** Each reduction as passes. */
export const reductions: Readonly<Record<Exclude<ReductionOp, 'prefixSum'>, (r: Reducing) => Reduced>> = Object.freeze({ sum: plain('sum'), mean: plain('mean'), max: plain('max'), argmax, softmax, moments })
