import { ts } from 'ts-morph'
import type { Expr } from '../ir/hook.ts'
import type { Interpreter } from './interpreter.ts'
import { power } from './power.ts'
import { rounding } from './rounding.ts'
import { asBool, asIndex, asNumber, common, numberType, refuseOperand } from './typing.ts'
import { boolean, describe, expr, number, type NumberValue, string, type Value } from './values.ts'

type Binary = (I: Interpreter, x: Value, y: Value, node: ts.BinaryExpression) => Value
const both = (x: Value, y: Value): [NumberValue, NumberValue] | undefined => (x.kind === 'number' && y.kind === 'number' ? [x, y] : undefined)

const arithmetic = (op: string, js: (x: number, y: number) => number): Binary => (I, x, y, node) => {
  const folded = both(x, y)
  if (folded) return number(js(folded[0].value, folded[1].value), folded.some((v) => v.float))
  if (op === 'add' && (x.kind === 'string' || y.kind === 'string') && fixed(x) && fixed(y)) return string(`${primitive(x)}${primitive(y)}`)
  const type = op === 'div' ? 'f32' : common(I, [x, y], (i) => (i ? node.right : node.left))
  if (op === 'div') numberType(I, x, node.left)
  return expr(I.op(op, [asNumber(I, x, type, node.left), asNumber(I, y, type, node.right)], node))
}

const isBool = (v: Value): boolean => v.kind === 'boolean' || (v.kind === 'expr' && v.expr.type === 'bool')
const primitive = (v: Value): number | boolean | string | undefined => (v.kind === 'number' || v.kind === 'boolean' || v.kind === 'string' ? v.value : undefined)
const fixed = (v: Value): boolean => primitive(v) !== undefined || v.kind === 'undefined'
/** A comparison with a whole constant is exact in integers, `1.0` included. */
const whole = (v: Value): Value => (v.kind === 'number' && Number.isInteger(v.value) ? { ...v, float: false } : v)

const isInteger = (v: Value): boolean => v.kind === 'expr' && v.expr.type === 'i32'
/** A constant below or above every i32, infinities included: it compares with all of them alike. */
const outside = (v: Value): v is NumberValue => v.kind === 'number' && (v.value >= 2 ** 31 || v.value < -(2 ** 31))

const comparison = (op: string, js: (x: never, y: never) => boolean): Binary => (I, x, y, node) => {
  const equality = op === 'eq' || op === 'ne'
  if (fixed(x) && fixed(y) && (equality || both(x, y))) return boolean(js(primitive(x) as never, primitive(y) as never))
  for (const [v, n] of [[x, node.left], [y, node.right]] as const) if (!isBool(v) && v.kind !== 'expr' && v.kind !== 'number') refuseOperand(I, v, n)
  if (isBool(x) !== isBool(y) || (isBool(x) && !equality)) I.refuse('SR1203', node, { left: describe(x), right: describe(y) })
  if (isBool(x)) return expr(I.op(op, [asBool(I, x, node.left), asBool(I, y, node.right)], node))
  const beyond = outside(x) && isInteger(y) ? js(x.value as never, 0 as never) : outside(y) && isInteger(x) ? js(0 as never, y.value as never) : undefined
  if (beyond !== undefined) return boolean(beyond)
  const [a, b] = [whole(x), whole(y)]
  const type = common(I, [a, b], (i) => (i ? node.right : node.left))
  return expr(I.op(op, [asNumber(I, a, type, node.left), asNumber(I, b, type, node.right)], node))
}

const integer = (I: Interpreter, v: Value, node: ts.Node): Expr => asIndex(I, v, node) ?? I.refuse('SR1209', node)
const bits = (op: string, js: (x: number, y: number) => number): Binary => (I, x, y, node) => {
  const folded = both(x, y)
  if (folded) return number(js(folded[0].value, folded[1].value))
  return expr(I.op(op, [integer(I, x, node.left), integer(I, y, node.right)], node))
}

/** JavaScript takes the lowest five bits of an amount; a constant is reduced here, as WGSL refuses others. */
const shift = (op: string, js: (x: number, y: number) => number): Binary => (I, x, y, node) =>
  bits(op, js)(I, x, y.kind === 'number' && Number.isInteger(y.value) ? number(y.value & 31) : y, node)

/** Only constants: an i32 has no room for what `>>>` gives of a negative number. */
const unsignedShift: Binary = (I, x, y, node) => {
  const folded = both(x, y)
  return folded ? number(folded[0].value >>> folded[1].value) : I.refuse('SR1101', node, { what: 'The operator `>>>`', fix: 'Use `>>`, which keeps the sign.' })
}

/** `x | 0` is JavaScript's way to write truncation. */
const bitOr: Binary = (I, x, y, node) => {
  if (y.kind === 'number' && y.value === 0 && x.kind === 'expr' && x.expr.type === 'f32') {
    const e = rounding(I, 'trunc', x.expr, node)
    return expr(e.type === 'i32' ? e : I.op('toI32', [e.kind === 'op' && e.op === 'trunc' ? e.args[0]! : e], node))
  }
  return bits('bitOr', (a, b) => a | b)(I, x, y, node)
}

const eq = comparison('eq', (x, y) => x === y)
const ne = comparison('ne', (x, y) => x !== y)
const K = ts.SyntaxKind

/** Operators that evaluate both sides. */
export const binary: Partial<Record<ts.SyntaxKind, Binary>> = {
  [K.PlusToken]: arithmetic('add', (x, y) => x + y),
  [K.MinusToken]: arithmetic('sub', (x, y) => x - y),
  [K.AsteriskToken]: arithmetic('mul', (x, y) => x * y),
  [K.SlashToken]: arithmetic('div', (x, y) => x / y),
  [K.PercentToken]: arithmetic('rem', (x, y) => x % y),
  [K.AsteriskAsteriskToken]: (I, x, y, node) => (both(x, y) ? number((x as NumberValue).value ** (y as NumberValue).value, (x as NumberValue).float) : power(I, x, y, node)),
  [K.LessThanToken]: comparison('lt', (x, y) => x < y),
  [K.LessThanEqualsToken]: comparison('le', (x, y) => x <= y),
  [K.GreaterThanToken]: comparison('gt', (x, y) => x > y),
  [K.GreaterThanEqualsToken]: comparison('ge', (x, y) => x >= y),
  [K.EqualsEqualsEqualsToken]: eq, [K.EqualsEqualsToken]: eq, [K.ExclamationEqualsEqualsToken]: ne, [K.ExclamationEqualsToken]: ne,
  [K.AmpersandToken]: bits('bitAnd', (x, y) => x & y),
  [K.BarToken]: bitOr,
  [K.CaretToken]: bits('bitXor', (x, y) => x ^ y),
  [K.LessThanLessThanToken]: shift('shl', (x, y) => x << y),
  [K.GreaterThanGreaterThanGreaterThanToken]: unsignedShift,
  [K.GreaterThanGreaterThanToken]: shift('shr', (x, y) => x >> y),
}

export const complement = (I: Interpreter, v: Value, operand: ts.Node, node: ts.Node): Value =>
  v.kind === 'number' ? number(~v.value) : expr(I.op('bitXor', [integer(I, v, operand), I.constant('i32', -1)], node))

export const minus = (I: Interpreter, v: Value, operand: ts.Node, node: ts.Node): Value => {
  if (v.kind === 'number') return number(-v.value, v.float)
  const type = common(I, [v], () => operand)
  return expr(I.op('neg', [asNumber(I, v, type, operand)], node))
}
