import type { ts } from 'ts-morph'
import { globals } from './globals.ts'
import type { Interpreter } from './interpreter.ts'
import { type Binding, exportsOf, type Module } from './modules.ts'
import { brief } from './place.ts'
import type { Scope } from './scope.ts'
import { UNDEFINED, type Value } from './values.ts'

const RUNTIME = new Set(['Date', 'performance', 'crypto', 'process', 'console', 'globalThis', 'fetch', 'setTimeout'])
const NAN = new Set(['NaN', 'isNaN', 'isFinite'])

const source = (I: Interpreter, module: Module, specifier: string, node: ts.Node, name: string): Module =>
  module.open(specifier) ?? I.refuse('SR1114', node, { name, why: `comes from '${specifier}', whose source is not followed`, fix: 'Import it from a relative path, or pass it as a capture.' })

/** The value of a top-level name, evaluated once. */
export const bindingValue = (I: Interpreter, module: Module, binding: Binding, name: string, node: ts.Node): Value => {
  if (binding.to === 'value') return I.force(binding.value)
  if (binding.to === 'refused') return I.refuse(binding.code, binding.node, { text: brief(binding.node).split('{')[0]!.trim(), what: 'a class or enum' })
  if (binding.to === 'module') return { kind: 'module', module: source(I, module, binding.specifier, node, name) }
  if (binding.to === 'pattern') {
    I.bind(binding.declaration.name, binding.declaration.initializer ? I.evaluate(binding.declaration.initializer, module.scope) : UNDEFINED, module.scope)
    return module.scope.find(name) as Value
  }
  const from = source(I, module, binding.specifier, binding.node, name)
  const found = exportsOf(from).get(binding.name)
  if (!found) return I.refuse('SR1114', binding.node, { name: binding.name, why: `is not exported by '${binding.specifier}'`, fix: 'Export it there, or correct the name.' })
  return bindingValue(I, found.module, found.binding, binding.name, node)
}

/** What an identifier means: innermost block first, then the file, then the few globals a hook may use. */
export const lookup = (I: Interpreter, node: ts.Identifier, scope: Scope): Value => {
  const name = node.text
  const local = scope.find(name)
  if (local) return I.force(local)
  const binding = scope.module.bindings.get(name)
  if (binding) return bindingValue(I, scope.module, binding, name, node)
  const known = globals[name]
  if (known) return known
  if (NAN.has(name)) return I.refuse('SR1109', node)
  if (RUNTIME.has(name)) return I.refuse('SR1108', node)
  if (name === 'arguments') return I.refuse('SR1106', node, { what: '`arguments`' })
  return I.refuse('SR1114', node, { name, why: 'is not defined in this file, imported, or known to kernels', fix: 'Define it with `const`, import it from a relative path, or declare a capture and read it from `seq`.' })
}
