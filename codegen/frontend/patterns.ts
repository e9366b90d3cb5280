import { ts } from 'ts-morph'
import type { Interpreter } from './interpreter.ts'
import type { Scope } from './scope.ts'
import { UNDEFINED, type Value } from './values.ts'

const keyOf = (I: Interpreter, e: ts.BindingElement): string => {
  const name = e.propertyName ?? e.name
  if (ts.isIdentifier(name) || ts.isStringLiteral(name)) return name.text
  return I.refuse('SR1101', e, { what: 'A computed name in a pattern', fix: 'Read the field by its name.' })
}

const bindElement = (I: Interpreter, e: ts.BindingElement, source: Value, value: Value, scope: Scope): void => {
  if (e.dotDotDotToken) I.refuse('SR1112', e)
  const given = e.initializer && source.kind === 'object' && source.role === 'seq' ? I.refuse('SR1118', e) : value
  bind(I, e.name, given.kind === 'undefined' && e.initializer ? I.evaluate(e.initializer, scope) : given, scope)
}

/** Gives the names of a declaration or parameter their values. */
export const bind = (I: Interpreter, name: ts.BindingName, value: Value, scope: Scope): void => {
  if (ts.isIdentifier(name)) return scope.set(name.text, value)
  if (ts.isObjectBindingPattern(name)) {
    for (const e of name.elements) bindElement(I, e, value, e.dotDotDotToken ? UNDEFINED : I.property(value, keyOf(I, e), e), scope)
    return
  }
  if (value.kind !== 'array') I.refuse('SR1112', name)
  else name.elements.forEach((e, i) => { if (!ts.isOmittedExpression(e)) bindElement(I, e, value, value.items[i] ?? UNDEFINED, scope) })
}

/** Every name of a pattern, for marking them all refused. */
export const boundNames = (name: ts.BindingName): readonly string[] =>
  ts.isIdentifier(name) ? [name.text] : name.elements.flatMap((e) => (ts.isOmittedExpression(e) ? [] : boundNames(e.name)))
