import type { ts } from 'ts-morph'
import type { Interpreter } from './interpreter.ts'
import { asBool, asCondition } from './typing.ts'
import { boolean, expr, type Value } from './values.ts'

type Connective = (I: Interpreter, left: Value, leftNode: ts.Node, right: () => Value, rightNode: ts.Node, node: ts.Node) => Value

/** A left side known now decides as in JavaScript; otherwise both sides are booleans of the kernel. */
const connective = (op: 'and' | 'or'): Connective => (I, left, leftNode, right, rightNode, node) => {
  const condition = asCondition(I, left, leftNode)
  if (typeof condition === 'boolean') return condition === (op === 'and') ? right() : left
  return expr(I.op(op, [condition, asBool(I, right(), rightNode)], node))
}
export const conjunction = connective('and')
export const disjunction = connective('or')

export const negation = (I: Interpreter, v: Value, operand: ts.Node, node: ts.Node): Value => {
  const condition = asCondition(I, v, operand)
  return typeof condition === 'boolean' ? boolean(!condition) : expr(I.op('not', [condition], node))
}
