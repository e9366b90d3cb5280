import { readFileSync, statSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ts } from 'ts-morph'
import { diagnostic, type Diagnostic } from '../ir/diagnostics/index.ts'
import type { Span } from '../ir/hook.ts'
import { reason, shownPath, spanOf } from './place.ts'
import { parse } from './project.ts'
import { dslIndex, isDsl, resolveSpecifier } from './resolve.ts'

const MARK = 'serrate'
const dslUrl = pathToFileURL(dslIndex).href

const versioned = (path: string): string => {
  const { mtimeMs, size } = statSync(path)
  return `${pathToFileURL(path).href}?${MARK}=${Math.round(mtimeMs * 1000)}-${size}`
}

/** An author's .ts file is a module, whatever the package.json near it says. */
const typescript = (path: string) => (/\.m?ts$/.test(path) ? { format: 'module-typescript' as const } : {})

let hooked = false
/** In files reached from an author's file: 'serrate' is this package wherever they live, and a changed file is a new module. */
const hook = (): void => {
  if (hooked) return
  hooked = true
  nodeModule.registerHooks({
    resolve: (specifier, context, next) => {
      if (specifier.startsWith('file:') && specifier.includes(`?${MARK}=`)) return { url: specifier, shortCircuit: true, ...typescript(specifier.split('?')[0]!) }
      if (!context.parentURL?.includes(`?${MARK}=`)) return next(specifier, context)
      if (specifier === 'serrate') return { url: dslUrl, shortCircuit: true }
      const path = resolveSpecifier(specifier, fileURLToPath(context.parentURL.split('?')[0]!))
      if (!path || isDsl(path) || !/\.[cm]?tsx?$/.test(path)) return next(specifier, context)
      return { url: versioned(path), shortCircuit: true, ...typescript(path) }
    },
  })
}

/** Node's own import, also where a test runner rewrites `import()`. */
const native = 'data:text/javascript,export default (url) => import(url)'
type Import = (url: string) => Promise<Record<string, unknown>>

/** The file's exports. Throws whatever the file throws. */
export const importLive = async (path: string): Promise<Readonly<Record<string, unknown>>> => {
  hook()
  const load = ((await import(native)) as { default: Import }).default
  return { ...(await load(versioned(path))) }
}

/** Where an error came from inside the author's files: the first stack frame that this loader imported. */
const frameOf = (error: unknown): Span | undefined => {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const found = /(file:\/\/[^\s?()]+)\?serrate=[\d-]+:(\d+)(?::(\d+))?/.exec(stack) ?? /^([^\n?]+\.[cm]?ts):(\d+)\n/.exec(stack)
  if (!found) return undefined
  const path = found[1]!.startsWith('file:') ? fileURLToPath(found[1]!) : found[1]!
  const line = Number(found[2])
  return { file: shownPath(path), line, column: Number(found[3] ?? 1), text: readFileSync(path, 'utf8').split('\n')[line - 1]?.trim() ?? '' }
}

/** The import that an error's message names, by its specifier or by a name it brings in. */
const importOf = (path: string, message: string): Span | undefined => {
  const named = (s: ts.Statement): boolean =>
    (ts.isImportDeclaration(s) || ts.isExportDeclaration(s)) && s.moduleSpecifier !== undefined &&
    (message.includes((s.moduleSpecifier as ts.StringLiteral).text.replace(/^[./]+/, '')) || [...message.matchAll(/'(\w+)'/g)].some(([, name]) => new RegExp(`\\b${name}\\b`).test(s.getText())))
  const found = parse(path).statements.find(named)
  return found && spanOf(found)
}

/** What an import threw, at the author's place. */
export const importFailure = (path: string, error: unknown): Diagnostic => {
  const start: Span = { file: shownPath(path), line: 1, column: 1, text: parse(path).text.split('\n')[0]! }
  return diagnostic('SR1003', { reason: reason(error), path: shownPath(path) }, frameOf(error) ?? importOf(path, reason(error)) ?? start)
}
