import type { ts } from 'ts-morph'
import type { Expr } from '../ir/hook.ts'
import type { Interpreter } from './interpreter.ts'
import { power } from './power.ts'
import { rounding } from './rounding.ts'
import { asF32, asIndex, asNumber, common, numberType } from './typing.ts'
import { expr, intrinsic, type IntrinsicValue, number, type NumberValue, type Value } from './values.ts'

type Call = (I: Interpreter, args: readonly Value[], node: ts.Node) => Value

const constants = (args: readonly Value[]): args is readonly NumberValue[] => args.every((a) => a.kind === 'number')
const f32 = (I: Interpreter, value: number): Expr => I.constant('f32', value)

/** Folds constants as JavaScript does, checks the number of arguments, and gives each its own place in messages. */
const fold = (name: string, arity: number, js: (...x: number[]) => number, call: Call): IntrinsicValue =>
  intrinsic(`Math.${name}`, (I, args, node) => {
    if (arity >= 0 ? args.length !== arity : args.length === 0) I.refuse('SR1122', node, { given: args.length, takes: arity >= 0 ? `${arity}` : 'at least 1' })
    return constants(args) ? number(js(...args.map((a) => a.value)), args.some((a) => a.float)) : call(I, args, node)
  })
const argument = (node: ts.Node, i: number): ts.Node => (node as ts.CallExpression).arguments?.[i] ?? node

const float = (name: 'sqrt' | 'exp' | 'log' | 'log2' | 'sin' | 'cos' | 'tanh') =>
  fold(name, 1, Math[name], (I, [x], node) => expr(I.op(name, [asF32(I, x!, argument(node, 0))], node)))

const either = (name: 'abs' | 'sign') =>
  fold(name, 1, Math[name], (I, [x], node) => {
    const type = common(I, [x!], () => argument(node, 0))
    return expr(I.op(name, [asNumber(I, x!, type, argument(node, 0))], node))
  })

const extreme = (name: 'min' | 'max') =>
  fold(name, -1, Math[name], (I, args, node) => {
    const type = common(I, args, (i) => argument(node, i))
    return expr(args.map((a, i) => asNumber(I, a, type, argument(node, i))).reduce((x, y) => I.op(name, [x, y], node)))
  })

const scaled = (name: 'log10', inner: string, factor: number) =>
  fold(name, 1, Math[name], (I, [x], node) => expr(I.op('mul', [I.op(inner, [asF32(I, x!, argument(node, 0))], node), f32(I, factor)], node)))

const hypot = fold('hypot', -1, Math.hypot, (I, args, node) => {
  const known = args.flatMap((a) => (a.kind === 'number' ? [a.value] : []))
  const squares = args.flatMap((a, i) => (a.kind === 'number' ? [] : [asF32(I, a, argument(node, i))])).map((x) => I.op('mul', [x, x], node))
  if (known.length) squares.push(asF32(I, number(known.reduce((sum, x) => sum + x * x, 0), true), node))
  return expr(I.op('sqrt', [squares.reduce((x, y) => I.op('add', [x, y], node))], node))
})

const imul = fold('imul', 2, Math.imul, (I, args, node) => {
  const [x, y] = args.map((a, i) => asIndex(I, a, argument(node, i)) ?? I.refuse('SR1209', argument(node, i)))
  return expr(I.op('mul', [x!, y!], node))
})

const round = (name: 'floor' | 'ceil' | 'trunc' | 'round') =>
  fold(name, 1, Math[name], (I, [x], node) => {
    numberType(I, x!, argument(node, 0))
    return expr(rounding(I, name, (x as { expr: Expr }).expr, node))
  })

/** Math's functions that have a form in kernels. */
export const mathFunctions: Readonly<Record<string, IntrinsicValue>> = Object.freeze({
  min: extreme('min'), max: extreme('max'), abs: either('abs'), sign: either('sign'),
  floor: round('floor'), ceil: round('ceil'), round: round('round'), trunc: round('trunc'),
  sqrt: float('sqrt'), exp: float('exp'), log: float('log'), log2: float('log2'), log10: scaled('log10', 'log', Math.LOG10E),
  sin: float('sin'), cos: float('cos'), tanh: float('tanh'),
  pow: fold('pow', 2, Math.pow, (I, [x, y], node) => power(I, x!, y!, node)), hypot, imul,
})

export const mathConstants: Readonly<Record<string, Value>> = Object.freeze({
  PI: number(Math.PI), E: number(Math.E), LN2: number(Math.LN2), LN10: number(Math.LN10), LOG2E: number(Math.LOG2E),
  LOG10E: number(Math.LOG10E), SQRT2: number(Math.SQRT2), SQRT1_2: number(Math.SQRT1_2),
})
