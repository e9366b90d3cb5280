import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import type { ts } from 'ts-morph'
import { SHOWN, type Span } from '../ir/span.ts'

const posix = (path: string): string => path.split(sep).join('/')
const roots = new Map<string, string>()

/** The nearest folder at or above this one that holds a package.json; without one, the folder itself. */
const packageFolder = (folder: string): string => {
  const known = roots.get(folder)
  if (known !== undefined) return known
  let root = folder
  while (!existsSync(join(root, 'package.json'))) {
    if (dirname(root) === root) { root = folder; break }
    root = dirname(root)
  }
  roots.set(folder, root)
  return root
}

/** What hashes and emitted text call a file: relative to its package, wherever that lies and wherever the tool runs. */
const packagePath = (path: string): string => posix(relative(packageFolder(dirname(path)), path))

/** As an author reads it: relative to the working directory when inside it. */
export const shownPath = (path: string): string => {
  const inside = relative(process.cwd(), path)
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : posix(inside)
}

export const spanOf = (node: ts.Node): Span => {
  const source = node.getSourceFile()
  const start = node.getStart(source)
  const { line, character } = source.getLineAndCharacterOfPosition(start)
  return Object.freeze({ file: packagePath(source.fileName), [SHOWN]: shownPath(source.fileName), line: line + 1, column: character + 1, text: source.text.slice(start, node.end) })
}

/** One line of at most 60 characters, for messages. */
export const brief = (node: ts.Node): string => {
  const text = node.getText().replace(/\s+/g, ' ')
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** The first line of what an error says. */
export const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!
