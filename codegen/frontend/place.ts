import { isAbsolute, relative, sep } from 'node:path'
import type { ts } from 'ts-morph'
import type { Span } from '../ir/hook.ts'

/** As an author reads it: relative to the working directory when inside it. */
export const shownPath = (path: string): string => {
  const inside = relative(process.cwd(), path)
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside.split(sep).join('/')
}

export const spanOf = (node: ts.Node): Span => {
  const source = node.getSourceFile()
  const start = node.getStart(source)
  const { line, character } = source.getLineAndCharacterOfPosition(start)
  return Object.freeze({ file: shownPath(source.fileName), line: line + 1, column: character + 1, text: source.text.slice(start, node.end) })
}

/** One line of at most 60 characters, for messages. */
export const brief = (node: ts.Node): string => {
  const text = node.getText().replace(/\s+/g, ' ')
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** The first line of what an error says. */
export const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!
