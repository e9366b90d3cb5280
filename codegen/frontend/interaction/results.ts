import type { InteractionDefinition } from '../../../dsl/interaction.ts'
import { type Expr, topological } from '../../ir/hook.ts'
import type { Pass, Scan, TensorSpec } from '../../ir/interaction/types.ts'
import type { Interpreter } from '../interpreter.ts'
import { asF32, asIndex, numberType } from '../typing.ts'
import { describe, expr, type Value } from '../values.ts'
import type { Coordinates } from './coordinates.ts'
import { call } from './functions.ts'
import { reductions, type Reduced } from './passes.ts'
import type { Places } from './places.ts'

/** What value, reduce and epilogue come to. `value` and `y` as the author's functions see them. */
export interface Results { readonly passes: readonly Pass[]; readonly scan?: Scan; readonly epilogue: Expr; readonly value: readonly Expr[]; readonly y: Value }

const notNumber = (P: Places, hook: string, v: Value, fix: string): never => P.I.refuse('SR1205', P.at(hook), { hook, found: describe(v), wanted: 'a number', fix })

const isInfinite = (v: Value): boolean => v.kind === 'masked' || (v.kind === 'number' && !Number.isFinite(v.value))
const finite = (P: Places, hook: string, v: Value): void => { if (isInfinite(v)) P.I.refuse('SR1520', P.at(hook), { hook }) }

const isBool = (v: Value): boolean => v.kind === 'boolean' || (v.kind === 'expr' && v.expr.type === 'bool')

const values = (P: Places, C: Coordinates): { readonly list: readonly Value[]; readonly isList: boolean } => {
  const v = call(P, ['value'], [['v', C.elements()], ['at', C.at()], ['seq', C.seq()]])
  const isList = v.kind === 'array'
  const list = isList ? v.items : [v]
  if (!list.length) notNumber(P, 'value', v, 'Return a number, or a list of numbers.')
  for (const one of list) {
    finite(P, 'value', one)
    if (isBool(one)) notNumber(P, 'value', one, 'Return a number: `condition ? 1 : 0`.')
    numberType(P.I, one, P.at('value'))
  }
  return { list, isList }
}

/** An element of the output in its type. */
const element = (P: Places, v: Value, output: TensorSpec, hook: string): Expr => {
  const at = P.at(hook)
  finite(P, hook, v)
  if (isBool(v)) notNumber(P, hook, v, 'Return a number: `condition ? 1 : 0`.')
  return output.dtype === 'i32' ? (asIndex(P.I, v, at) ?? P.I.refuse('SR1517', at, { hook })) : asF32(P.I, v, at)
}

const result = (P: Places, C: Coordinates, live: InteractionDefinition, y: Value, output: TensorSpec): Expr => {
  if (live.epilogue) return element(P, call(P, ['epilogue'], [['y', y], ['v', C.elements()], ['at', C.at()], ['seq', C.seq()]]), output, 'epilogue')
  if (y.kind === 'array' || y.kind === 'object') P.I.refuse('SR1510', P.at(live.reduce ? 'reduce' : 'value'), { reduction: live.reduce?.op ?? 'value', why: `gives ${y.kind === 'array' ? 'a list' : 'mean, variance and meanSquare'}, from which no element is made`, fix: 'Add an epilogue: `epilogue: (y) => ...`.' })
  return element(P, y, output, 'value')
}

/** Moments in the order of their first numbering, when all are read. */
const MOMENTS = ['mean', 'meanSquare', 'variance']
const momentsRead = (e: Expr): ReadonlySet<string> =>
  new Set(topological(e).flatMap((n) => (n.kind === 'param' && n.name.startsWith('stat:') ? [MOMENTS[Number(n.name.slice(5))]!] : [])))

const typed = (I: Interpreter, P: Places, v: Value): Expr => (v.kind === 'expr' ? v.expr : asF32(I, v, P.at('value')))

/** Whole numbers are summed as such where the output holds them. */
const prefixSum = (P: Places, C: Coordinates, live: InteractionDefinition, list: readonly Value[], isList: boolean, output: TensorSpec): Results => {
  if (isList) P.I.refuse('SR1510', P.at('value'), { reduction: 'prefixSum', why: `takes one value, not a list of ${list.length}`, fix: 'Return one number; write a definition for each sum.' })
  const whole = output.dtype === 'i32'
  const value = whole ? (asIndex(P.I, list[0]!, P.at('value')) ?? P.I.refuse('SR1517', P.at('value'), { hook: 'value' })) : asF32(P.I, list[0]!, P.at('value'))
  const y = expr(P.I.builder.param(whole ? 'i32' : 'f32', 'stat:0'))
  const { axes: [axis], options: { exclusive = false, reverse = false } = {} } = live.reduce!
  return { passes: [], scan: { axis: axis!, value, exclusive, reverse }, epilogue: result(P, C, live, y, output), value: [value], y }
}

export const readResults = (P: Places, C: Coordinates, live: InteractionDefinition, output: TensorSpec): Results => {
  const { list, isList } = values(P, C)
  const value = list.map((v) => typed(P.I, P, v))
  if (!live.reduce) {
    const y: Value = isList ? { kind: 'array', items: list } : list[0]!
    return { passes: [], epilogue: result(P, C, live, y, output), value, y }
  }
  const { op, axes } = live.reduce
  if (op === 'prefixSum') return prefixSum(P, C, live, list, isList, output)
  if (isList && !['sum', 'mean', 'max'].includes(op)) P.I.refuse('SR1510', P.at('value'), { reduction: op, why: `takes one value, not a list of ${list.length}`, fix: 'Return one number, or reduce with sum, mean or max.' })
  const reduce = (reads?: ReadonlySet<string>): Reduced => reductions[op]({ I: P.I, values: list, isList, axes, node: P.at('value'), ...(reads && { reads }) })
  const all = reduce()
  const first = result(P, C, live, all.y, output)
  const { passes, y } = op === 'moments' ? reduce(momentsRead(first)) : all
  return { passes, epilogue: op === 'moments' ? result(P, C, live, y, output) : first, value: value.map((v) => (v.type === 'i32' ? (asF32(P.I, expr(v), P.at('value'))) : v)), y }
}
