import type { ts } from 'ts-morph'
import type { Expr } from '../ir/hook.ts'
import type { Interpreter } from './interpreter.ts'
import { asF32, asNumber, numberType } from './typing.ts'
import { expr, number, type Value } from './values.ts'

const LARGEST_PRODUCT = 64

const product = (I: Interpreter, x: Expr, n: number, node: ts.Node): Expr => {
  if (n === 1) return x
  const half = product(I, x, Math.floor(n / 2), node)
  const square = I.op('mul', [half, half], node)
  return n % 2 ? I.op('mul', [square, x], node) : square
}

const POSITIONS = new Set(['b', 'h', 'q', 'kv', 'qLen', 'kvLen'])

/** Whether an expression can never be negative, from its form alone. */
const nonNegative = (e: Expr): boolean => {
  if (e.kind === 'const') return (e.value as number) >= 0
  if (e.kind === 'param') return POSITIONS.has(e.name)
  if (e.kind !== 'op') return false
  if (['abs', 'exp', 'exp2', 'sqrt', 'sigmoid', 'boolToI32'].includes(e.op)) return true
  if (e.op === 'max') return e.args.some(nonNegative)
  if (e.op === 'mul' && e.type === 'f32' && e.args[0] === e.args[1]) return true
  if (e.op === 'select') return e.args.slice(1).every(nonNegative)
  return ['toF32', 'add', 'mul', 'div', 'min', 'floor', 'ceil', 'trunc'].includes(e.op) && (e.type === 'f32' || e.op === 'min') && e.args.every(nonNegative)
}

/** x ** y: products for constant whole powers, else the kernel's pow, which is only defined for x >= 0. */
export const power = (I: Interpreter, x: Value, y: Value, node: ts.Node): Value => {
  const type = numberType(I, x, node)
  numberType(I, y, node)
  if (y.kind === 'number' && Number.isInteger(y.value) && Math.abs(y.value) <= LARGEST_PRODUCT) {
    if (y.value === 0) return number(1)
    const base = asNumber(I, x, y.value < 0 || type === 'f32' ? 'f32' : 'i32', node)
    const whole = product(I, base, Math.abs(y.value), node)
    return expr(y.value < 0 ? I.op('div', [I.constant('f32', 1), whole], node) : whole)
  }
  const base = asF32(I, x, node)
  if (y.kind === 'number' && y.value === 0.5) return expr(I.op('sqrt', [base], node))
  const exponent = asF32(I, y, node)
  if (base.kind === 'const' && base.value === 2) return expr(I.op('exp2', [exponent], node))
  return nonNegative(base) ? expr(I.op('pow', [base, exponent], node)) : I.refuse('SR1210', node)
}
