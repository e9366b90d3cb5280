import { readFileSync, statSync } from 'node:fs'
import { Project, type SourceFile, ts } from 'ts-morph'

const project = new Project({
  skipFileDependencyResolution: true, skipLoadingLibFiles: true, skipAddingFilesFromTsConfig: true,
  compilerOptions: { noLib: true, target: ts.ScriptTarget.ESNext, allowJs: true },
})
const parsed = new Map<string, { stamp: string; file: SourceFile }>()

/** The parsed file, read again only when it changed on disk. Throws what `fs` throws. */
export const parse = (path: string): ts.SourceFile => {
  const { mtimeMs, size, ino } = statSync(path)
  const stamp = `${mtimeMs}:${size}:${ino}`
  const known = parsed.get(path)
  if (known?.stamp === stamp) return known.file.compilerNode
  const file = project.createSourceFile(path, readFileSync(path, 'utf8'), { overwrite: true })
  parsed.set(path, { stamp, file })
  return file.compilerNode
}

/** The parser's own complaints, each with its position. */
export const syntaxErrors = (source: ts.SourceFile): readonly { message: string; start: number }[] =>
  ((source as unknown as { parseDiagnostics?: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics ?? []).map((d) => ({
    message: ts.flattenDiagnosticMessageText(d.messageText, ' '),
    start: d.start,
  }))
