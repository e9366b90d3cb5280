import { ts } from 'ts-morph'
import type { Interpreter } from './interpreter.ts'
import { boundNames } from './patterns.ts'
import { brief } from './place.ts'
import { Scope } from './scope.ts'
import { asCondition, join } from './typing.ts'
import { NOTHING, POISON, UNDEFINED, type Value } from './values.ts'

/** What is still to run: the statements of a block from `index`, then those after the block. */
export interface Rest {
  readonly statements: readonly ts.Statement[]
  readonly index: number
  readonly scope: Scope
  readonly after?: Rest
}

type Step = (I: Interpreter, statement: never, rest: Rest) => Value
const K = ts.SyntaxKind
const advance = (rest: Rest): Rest => ({ ...rest, index: rest.index + 1 })

const hoist = (statements: readonly ts.Statement[], scope: Scope): void => {
  for (const s of statements) if (ts.isFunctionDeclaration(s) && s.name && s.body) scope.set(s.name.text, { kind: 'closure', fn: s, scope, name: s.name.text })
}

const labelled = (I: Interpreter, value: Value, name: ts.BindingName): Value => {
  if (!ts.isIdentifier(name)) return value
  if (value.kind === 'closure') return value.name ? value : { ...value, name: name.text }
  const usable = value.kind === 'expr' && value.expr.kind === 'op' && /^[A-Za-z][A-Za-z0-9_]*$/.test(name.text)
  return usable ? { kind: 'expr', expr: I.builder.labelled(value.expr, name.text) } : value
}

const declare = (I: Interpreter, statement: ts.VariableStatement, rest: Rest): Value => {
  if (!(statement.declarationList.flags & ts.NodeFlags.Const)) {
    I.attempt(() => I.refuse('SR1102', statement))
    for (const d of statement.declarationList.declarations) for (const name of boundNames(d.name)) rest.scope.set(name, POISON)
    return run(I, advance(rest))
  }
  for (const d of statement.declarationList.declarations) {
    const done = I.attempt(() => {
      I.bind(d.name, labelled(I, d.initializer ? I.evaluate(d.initializer, rest.scope) : UNDEFINED, d.name), rest.scope)
      return UNDEFINED
    })
    if (done === POISON) for (const name of boundNames(d.name)) rest.scope.set(name, POISON)
  }
  return run(I, advance(rest))
}

const branch = (I: Interpreter, s: ts.Statement | undefined, rest: Rest): Value => {
  if (!s) return run(I, advance(rest))
  return run(I, { statements: [s], index: 0, scope: new Scope(rest.scope.module, rest.scope), after: advance(rest) })
}

const choose = (I: Interpreter, statement: ts.IfStatement, rest: Rest): Value => {
  let condition: ReturnType<typeof asCondition> | undefined
  I.attempt(() => {
    condition = asCondition(I, I.evaluate(statement.expression, rest.scope), statement.expression)
    return UNDEFINED
  })
  if (typeof condition === 'boolean') return branch(I, condition ? statement.thenStatement : statement.elseStatement, rest)
  const yes = branch(I, statement.thenStatement, rest)
  const no = branch(I, statement.elseStatement, rest)
  if (!condition) return POISON
  const test = condition
  return I.attempt(() => join(I, test, yes, no, statement))
}

const block = (I: Interpreter, statement: ts.Block, rest: Rest): Value =>
  run(I, { statements: statement.statements, index: 0, scope: new Scope(rest.scope.module, rest.scope), after: advance(rest) })

const result = (I: Interpreter, statement: ts.ReturnStatement, rest: Rest): Value =>
  statement.expression ? I.attempt(() => I.evaluate(statement.expression!, rest.scope)) : NOTHING

const skip: Step = (I, _statement, rest) => run(I, advance(rest))

/** Reports a statement, reads on so that what follows is reported too, and gives no value. */
const refuse = (I: Interpreter, rest: Rest, refusal: () => Value): Value => {
  I.attempt(refusal)
  run(I, advance(rest))
  return POISON
}

const refused = (code: 'SR1103' | 'SR1106' | 'SR1120' | 'SR1121', details: Readonly<Record<string, unknown>> = {}): Step => (I, statement, rest) =>
  refuse(I, rest, () => I.refuse(code, statement, details))

/** An expression alone does nothing; what it tries to do has its own message. */
const effect: Step = (I, statement: ts.ExpressionStatement, rest) => {
  return refuse(I, rest, () => {
    if (I.evaluate(statement.expression, rest.scope).kind === 'poison') return POISON
    return I.refuse('SR1115', statement)
  })
}

const steps: Partial<Record<ts.SyntaxKind, Step>> = {
  [K.VariableStatement]: declare, [K.ReturnStatement]: result, [K.IfStatement]: choose, [K.Block]: block,
  [K.FunctionDeclaration]: skip, [K.EmptyStatement]: skip, [K.TypeAliasDeclaration]: skip, [K.InterfaceDeclaration]: skip,
  [K.ForStatement]: refused('SR1103'), [K.ForOfStatement]: refused('SR1103'), [K.ForInStatement]: refused('SR1103'),
  [K.WhileStatement]: refused('SR1103'), [K.DoStatement]: refused('SR1103'), [K.SwitchStatement]: refused('SR1120'),
  [K.ThrowStatement]: refused('SR1121'), [K.TryStatement]: refused('SR1121'), [K.ClassDeclaration]: refused('SR1106', { what: 'a class' }),
  [K.ExpressionStatement]: effect,
}

/** The value that the statements return; NOTHING when they end without a return. */
export const run = (I: Interpreter, rest: Rest): Value => {
  if (rest.index === 0) hoist(rest.statements, rest.scope)
  const statement = rest.statements[rest.index]
  if (!statement) return rest.after ? run(I, rest.after) : NOTHING
  const step = steps[statement.kind]
  return I.attempt(() => {
    if (!step) return refuse(I, rest, () => I.refuse('SR1101', statement, { what: `\`${brief(statement)}\` (${K[statement.kind]})`, fix: 'Use const, if and return.' }))
    return step(I, statement as never, rest)
  })
}

