import { ts } from 'ts-morph'
import type { Binding } from './modules.ts'
import { isDsl } from './resolve.ts'
import { Lazy } from './values.ts'

/** The place in the file that a binding stands for. */
export const exportNode = (binding: Binding): ts.Node => {
  if (binding.to === 'pattern') return binding.declaration
  if (binding.to !== 'value') return binding.node
  const { value } = binding
  return value instanceof Lazy ? value.node : (value as { fn: ts.Node }).fn
}

/** The statement that makes a definition, or the call where it is part of something larger. */
export const definitionNode = (call: ts.Node, exported: ts.Node): ts.Node => {
  const made = isDsl(call.getSourceFile().fileName) ? exported : call
  const declaration = made.parent
  return declaration && ts.isVariableDeclaration(declaration) && ts.isVariableStatement(declaration.parent.parent) ? declaration.parent.parent : made
}
