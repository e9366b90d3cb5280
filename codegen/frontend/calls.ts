import { ts } from 'ts-morph'
import { dslForm } from './dsl.ts'
import type { Interpreter } from './interpreter.ts'
import { Refusal } from './refusal.ts'
import { Scope } from './scope.ts'
import { run } from './statements.ts'
import { asIndex } from './typing.ts'
import { type Closure, describe, expr, UNDEFINED, type Value } from './values.ts'

const argument = (site: ts.Node, i: number): ts.Node => (ts.isCallExpression(site) ? (site.arguments[i] ?? site) : site)

const refuseKinds = (I: Interpreter, c: Closure, site: ts.Node): void => {
  const async = ts.getModifiers(c.fn)?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword)
  const what = async ? 'async' : c.fn.asteriskToken ? 'a generator' : undefined
  if (what) I.refuse('SR1105', I.place(c.fn) === c.fn ? c.fn : site, { name: c.name || 'The function', what })
}

const bindParameters = (I: Interpreter, c: Closure, args: readonly Value[], scope: Scope): void => {
  const parameters = c.fn.parameters.filter((p) => !(ts.isIdentifier(p.name) && p.name.text === 'this'))
  parameters.forEach((p, i) => {
    if (p.dotDotDotToken) return I.bind(p.name, { kind: 'array', items: args.slice(i) }, scope)
    const given = args[i] ?? UNDEFINED
    I.bind(p.name, given.kind === 'undefined' && p.initializer ? I.evaluate(p.initializer, scope) : given, scope)
  })
}

const call = (I: Interpreter, c: Closure, args: readonly Value[], site: ts.Node): Value => {
  refuseKinds(I, c, site)
  return I.enter(c, site, () => {
    const scope = new Scope(c.scope.module, c.scope)
    bindParameters(I, c, args, scope)
    const body = c.fn.body!
    return ts.isBlock(body) ? run(I, { statements: body.statements, index: 0, scope: scope }) : I.evaluate(body, scope)
  })
}

const read = (I: Interpreter, t: Value & { kind: 'table' }, args: readonly Value[], site: ts.Node): Value => {
  const takes = t.pair ? 2 : 1
  if (args.length !== takes) I.refuse('SR1122', site, { given: args.length, takes: t.pair ? 'a row and a column' : t.columns ? '1 column' : '1 index' })
  const column = args[takes - 1]!
  if (t.columns && column.kind === 'number' && (column.value < 0 || column.value >= t.columns)) I.refuse('SR1306', argument(site, 0), { name: t.name, column: column.value, columns: t.columns, last: t.columns - 1 })
  const at = (i: number) => asIndex(I, args[i]!, argument(site, i)) ?? I.refuse('SR1206', argument(site, i))
  return expr(I.builder.table(t.type, t.name, at(takes - 1), { row: t.pair && at(0), side: t.side }))
}

/** Applies a function, a table or an intrinsic to evaluated arguments. */
export const apply = (I: Interpreter, callee: Value, args: readonly Value[], site: ts.Node): Value => {
  if (callee.kind === 'poison') throw new Refusal()
  if (callee.kind === 'closure') return dslForm(I, callee, args, site) ?? call(I, callee, args, site)
  if (callee.kind === 'intrinsic') return callee.call(I, args, site)
  if (callee.kind === 'table') return read(I, callee, args, site)
  const node = ts.isCallExpression(site) ? site.expression : site
  if (callee.kind === 'expr' || callee.kind === 'number') return I.refuse('SR1305', node, { used: 'a function', fix: 'Declare the capture as `table(\'f32\')`, or remove the call.' })
  return I.refuse('SR1211', node, { found: describe(callee), fix: 'Call a function.' })
}
