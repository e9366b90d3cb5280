import { ts } from 'ts-morph'
import type { Interpreter } from './interpreter.ts'
import { conjunction, disjunction, negation } from './logic.ts'
import { binary, complement, minus } from './operators.ts'
import { brief } from './place.ts'
import { Refusal } from './refusal.ts'
import type { Scope } from './scope.ts'
import { asCondition, join, numberType, refuseOperand } from './typing.ts'
import { boolean, type FunctionNode, Lazy, number, string, type Value } from './values.ts'

type Handler = (node: never, scope: Scope, I: Interpreter) => Value
const K = ts.SyntaxKind

const inner: Handler = (node: { expression: ts.Expression }, scope, I) => I.evaluate(node.expression, scope)

const literal: Handler = (node: ts.NumericLiteral) => number(Number(node.text), node.getText().includes('.'))

const closure: Handler = (fn: FunctionNode, scope) => ({ kind: 'closure', fn, scope, name: fn.name && ts.isIdentifier(fn.name) ? fn.name.text : '' })

/** A value of the author's own constants, which may be absent; what arrives at run time never is. */
const isKnown = (v: Value): boolean => ['number', 'boolean', 'string', 'array', 'closure'].includes(v.kind) || (v.kind === 'object' && !v.role)

const operate: Handler = (node: ts.BinaryExpression, scope, I) => {
  const operator = node.operatorToken.kind
  if (operator >= K.FirstAssignment && operator <= K.LastAssignment) I.refuse('SR1107', node)
  const left = I.evaluate(node.left, scope)
  if (operator === K.QuestionQuestionToken) return left.kind === 'undefined' ? I.evaluate(node.right, scope) : isKnown(left) ? left : I.refuse('SR1111', node, { what: '`??`' })
  const right = (): Value => I.evaluate(node.right, scope)
  if (operator === K.AmpersandAmpersandToken) return conjunction(I, left, node.left, right, node.right, node)
  if (operator === K.BarBarToken) return disjunction(I, left, node.left, right, node.right, node)
  const form = binary[operator]
  if (!form) return I.refuse('SR1101', node, { what: `The operator \`${node.operatorToken.getText()}\``, fix: 'Use arithmetic, comparisons, `&&`, `||` and `?:`.' })
  const value = right()
  if (left.kind === 'poison' || value.kind === 'poison') throw new Refusal()
  return form(I, left, value, node)
}

const prefix: Handler = (node: ts.PrefixUnaryExpression, scope, I) => {
  if (node.operator === K.PlusPlusToken || node.operator === K.MinusMinusToken) I.refuse('SR1107', node)
  const v = I.evaluate(node.operand, scope)
  if (node.operator === K.ExclamationToken) return negation(I, v, node.operand, node)
  if (node.operator === K.MinusToken) return minus(I, v, node.operand, node)
  if (node.operator === K.TildeToken) return complement(I, v, node.operand, node)
  numberType(I, v, node.operand)
  return v
}

const conditional: Handler = (node: ts.ConditionalExpression, scope, I) => {
  const condition = asCondition(I, I.evaluate(node.condition, scope), node.condition)
  if (typeof condition === 'boolean') return I.evaluate(condition ? node.whenTrue : node.whenFalse, scope)
  return join(I, condition, I.evaluate(node.whenTrue, scope), I.evaluate(node.whenFalse, scope), node)
}

const access: Handler = (node: ts.PropertyAccessExpression, scope, I) => {
  const target = I.evaluate(node.expression, scope)
  if (node.questionDotToken && target.kind === 'undefined') return target
  if (node.questionDotToken && !isKnown(target)) I.refuse('SR1111', node, { what: '`?.`' })
  return I.property(target, node.name.text, node)
}

const element: Handler = (node: ts.ElementAccessExpression, scope, I) => {
  if (node.questionDotToken) I.refuse('SR1111', node, { what: '`?.`' })
  const target = I.evaluate(node.expression, scope)
  const key = I.evaluate(node.argumentExpression, scope)
  if (key.kind === 'number' || key.kind === 'string') return I.property(target, String(key.value), node)
  if (target.kind === 'table') I.refuse('SR1303', node.expression, { name: target.name })
  return target.kind === 'array' || target.kind === 'object' ? I.refuse('SR1119', node) : I.refuse('SR1305', node, { used: 'a list', fix: 'Declare the capture as `table(\'f32\')` and call it with the index.' })
}

const items = (nodes: readonly ts.Expression[], scope: Scope, I: Interpreter): Value[] =>
  nodes.flatMap((n) => {
    if (!ts.isSpreadElement(n)) return [I.evaluate(n, scope)]
    const list = I.evaluate(n.expression, scope)
    return list.kind === 'array' ? list.items : I.refuse('SR1112', n)
  })

const call: Handler = (node: ts.CallExpression, scope, I) => {
  if (node.questionDotToken) I.refuse('SR1111', node, { what: '`?.`' })
  const callee = I.evaluate(node.expression, scope)
  return I.apply(callee, items(node.arguments, scope, I), node)
}

const array: Handler = (node: ts.ArrayLiteralExpression, scope, I) => ({ kind: 'array', items: items(node.elements, scope, I) })

const object: Handler = (node: ts.ObjectLiteralExpression, scope, I) => {
  const fields = new Map<string, Value | Lazy>()
  for (const p of node.properties) {
    if (ts.isSpreadAssignment(p)) {
      const from = I.evaluate(p.expression, scope)
      if (from.kind !== 'object' || from.role) I.refuse('SR1112', p)
      else for (const [key, value] of from.fields) fields.set(key, value)
      continue
    }
    const name = p.name
    if (!name || !(ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name))) { I.refuse('SR1101', p, { what: 'A computed field name', fix: 'Write the name.' }); continue }
    if (ts.isPropertyAssignment(p)) fields.set(name.text, new Lazy(p.initializer, scope, name.text))
    else if (ts.isShorthandPropertyAssignment(p)) fields.set(name.text, new Lazy(p.name, scope))
    else if (ts.isMethodDeclaration(p) && p.body) fields.set(name.text, { kind: 'closure', fn: p, scope, name: name.text })
    else I.refuse('SR1106', p, { what: 'a getter or setter' })
  }
  return { kind: 'object', fields }
}

/** Text known now may choose between constants; text made from run-time values has no use in a kernel. */
const template: Handler = (node: ts.TemplateExpression, scope, I) => string(node.head.text + node.templateSpans.map((s) => {
  const v = I.evaluate(s.expression, scope)
  return v.kind === 'number' || v.kind === 'string' || v.kind === 'boolean' ? `${v.value}${s.literal.text}` : v.kind === 'poison' ? refuseOperand(I, v, node) : I.refuse('SR1110', node)
}).join(''))

const refused = (code: 'SR1106' | 'SR1107' | 'SR1110', what = ''): Handler => (node: ts.Node, _scope, I) => I.refuse(code, node, { what })
const asynchronous = (what: string): Handler => (node: ts.Node, _scope, I) => I.refuse('SR1105', node, { name: brief(node), what })

/** How each form of expression is evaluated; what is absent is refused by name. */
export const expressions: Partial<Record<ts.SyntaxKind, Handler>> = {
  [K.ParenthesizedExpression]: inner, [K.AsExpression]: inner, [K.SatisfiesExpression]: inner, [K.NonNullExpression]: inner, [K.TypeAssertionExpression]: inner,
  [K.NumericLiteral]: literal,
  [K.TrueKeyword]: () => boolean(true), [K.FalseKeyword]: () => boolean(false),
  [K.StringLiteral]: (node: ts.StringLiteral) => string(node.text),
  [K.NoSubstitutionTemplateLiteral]: (node: ts.StringLiteral) => string(node.text),
  [K.Identifier]: (node: ts.Identifier, scope, I) => I.lookup(node, scope),
  [K.ArrowFunction]: closure, [K.FunctionExpression]: closure,
  [K.BinaryExpression]: operate, [K.PrefixUnaryExpression]: prefix, [K.ConditionalExpression]: conditional,
  [K.PropertyAccessExpression]: access, [K.ElementAccessExpression]: element, [K.CallExpression]: call,
  [K.ArrayLiteralExpression]: array, [K.ObjectLiteralExpression]: object,
  [K.PostfixUnaryExpression]: refused('SR1107'), [K.DeleteExpression]: refused('SR1107'),
  [K.TemplateExpression]: template, [K.RegularExpressionLiteral]: refused('SR1110'), [K.TypeOfExpression]: refused('SR1110'),
  [K.ThisKeyword]: refused('SR1106', '`this`'), [K.NewExpression]: refused('SR1106', '`new`'), [K.ClassExpression]: refused('SR1106', 'a class'),
  [K.AwaitExpression]: asynchronous('asynchronous'), [K.YieldExpression]: asynchronous('a generator'),
}
