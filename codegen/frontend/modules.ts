import { ts } from 'ts-morph'
import { parse } from './project.ts'
import { resolveSpecifier } from './resolve.ts'
import { Scope } from './scope.ts'
import { type Closure, type FunctionNode, Lazy, type Value } from './values.ts'

/** What a name of a file leads to: a value, another file's export, a whole file, or a reason why it cannot be followed. */
export type Binding =
  | { readonly to: 'value'; readonly value: Value | Lazy }
  | { readonly to: 'pattern'; readonly declaration: ts.VariableDeclaration }
  | { readonly to: 'import'; readonly specifier: string; readonly name: string; readonly node: ts.Node }
  | { readonly to: 'module'; readonly specifier: string; readonly node: ts.Node }
  | { readonly to: 'refused'; readonly code: 'SR1102' | 'SR1106'; readonly node: ts.Node }

/** One parsed file: its top-level names and what it exports, nothing evaluated. */
export class Module {
  readonly path: string
  readonly source: ts.SourceFile
  readonly scope: Scope
  readonly bindings = new Map<string, Binding>()
  /** Exported name to local binding, in source order. */
  readonly exports = new Map<string, Binding>()
  readonly stars: string[] = []
  /** The module that a specifier names, or undefined when its source is not followed. */
  readonly open: (specifier: string) => Module | undefined

  constructor(path: string, open: (specifier: string) => Module | undefined) {
    this.path = path
    this.open = open
    this.source = parse(path)
    this.scope = new Scope(this)
    for (const statement of this.source.statements) readers[statement.kind]?.(this, statement as never)
  }
}

/** Files of one load, each read once. */
export class Modules {
  readonly #modules = new Map<string, Module>()
  open(path: string): Module {
    const known = this.#modules.get(path)
    if (known) return known
    const module = new Module(path, (specifier) => {
      const target = resolveSpecifier(specifier, path)
      return target && /\.[cm]?tsx?$|\.[cm]?js$/.test(target) ? this.open(target) : undefined
    })
    this.#modules.set(path, module)
    return module
  }
}

const has = (node: ts.Node, kind: ts.SyntaxKind): boolean => ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((m) => m.kind === kind) ?? false)
const isExported = (node: ts.Node): boolean => has(node, ts.SyntaxKind.ExportKeyword)
const closure = (fn: FunctionNode, scope: Scope, name: string): Closure => ({ kind: 'closure', fn, scope, name })

const define = (m: Module, node: ts.Node, name: string, binding: Binding): void => {
  m.bindings.set(name, binding)
  if (isExported(node)) m.exports.set(has(node, ts.SyntaxKind.DefaultKeyword) ? 'default' : name, binding)
}

const names = (name: ts.BindingName): string[] =>
  ts.isIdentifier(name) ? [name.text] : name.elements.flatMap((e) => (ts.isOmittedExpression(e) ? [] : names(e.name)))

const readVariables = (m: Module, statement: ts.VariableStatement): void => {
  const constant = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0
  for (const declaration of statement.declarationList.declarations) {
    for (const name of names(declaration.name)) {
      const lazy = constant && declaration.initializer && ts.isIdentifier(declaration.name)
      define(m, statement, name, !constant ? { to: 'refused', code: 'SR1102', node: declaration }
        : lazy ? { to: 'value', value: new Lazy(declaration.initializer!, m.scope, name) } : { to: 'pattern', declaration })
    }
  }
}

const readFunction = (m: Module, statement: ts.FunctionDeclaration): void => {
  if (statement.body) define(m, statement, statement.name?.text ?? 'default', { to: 'value', value: closure(statement, m.scope, statement.name?.text ?? 'default') })
}

const readImport = (m: Module, statement: ts.ImportDeclaration): void => {
  const specifier = (statement.moduleSpecifier as ts.StringLiteral).text
  const clause = statement.importClause
  if (!clause || clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return
  if (clause.name) m.bindings.set(clause.name.text, { to: 'import', specifier, name: 'default', node: clause })
  const named = clause.namedBindings
  if (!named) return
  if (ts.isNamespaceImport(named)) m.bindings.set(named.name.text, { to: 'module', specifier, node: named })
  else for (const e of named.elements) m.bindings.set(e.name.text, { to: 'import', specifier, name: (e.propertyName ?? e.name).text, node: e })
}

const readExport = (m: Module, statement: ts.ExportDeclaration): void => {
  const specifier = statement.moduleSpecifier && (statement.moduleSpecifier as ts.StringLiteral).text
  if (statement.isTypeOnly) return
  const clause = statement.exportClause
  if (!clause) { m.stars.push(specifier!); return }
  if (ts.isNamespaceExport(clause)) { m.exports.set(clause.name.text, { to: 'module', specifier: specifier!, node: clause }); return }
  for (const e of clause.elements) {
    const local = (e.propertyName ?? e.name).text
    m.exports.set(e.name.text, specifier
      ? { to: 'import', specifier, name: local, node: e }
      : { to: 'value', value: new Lazy((e.propertyName ?? e.name) as ts.Identifier, m.scope) })
  }
}

const readDefault = (m: Module, statement: ts.ExportAssignment): void => {
  m.exports.set('default', { to: 'value', value: new Lazy(statement.expression, m.scope) })
}

const readClass = (m: Module, statement: ts.ClassDeclaration | ts.EnumDeclaration): void => {
  if (statement.name) define(m, statement, statement.name.text, { to: 'refused', code: 'SR1106', node: statement })
}

const readers: Partial<Record<ts.SyntaxKind, (m: Module, statement: never) => void>> = {
  [ts.SyntaxKind.VariableStatement]: readVariables,
  [ts.SyntaxKind.FunctionDeclaration]: readFunction,
  [ts.SyntaxKind.ImportDeclaration]: readImport,
  [ts.SyntaxKind.ExportDeclaration]: readExport,
  [ts.SyntaxKind.ExportAssignment]: readDefault,
  [ts.SyntaxKind.ClassDeclaration]: readClass,
  [ts.SyntaxKind.EnumDeclaration]: readClass,
}

/** Exported names with what they lead to, those of `export *` included, in source order. */
export const exportsOf = (m: Module, seen = new Set<Module>()): ReadonlyMap<string, { module: Module; binding: Binding }> => {
  const all = new Map<string, { module: Module; binding: Binding }>()
  if (seen.has(m)) return all
  seen.add(m)
  for (const [name, binding] of m.exports) all.set(name, { module: m, binding })
  for (const specifier of m.stars) {
    const from = m.open(specifier)
    if (from) for (const [name, found] of exportsOf(from, seen)) if (name !== 'default' && !all.has(name)) all.set(name, found)
  }
  return all
}
