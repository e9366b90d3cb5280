import { resolve } from 'node:path'
import { Project, ts } from 'ts-morph'
import { diagnostic, type Diagnostic } from '../ir/diagnostics/index.ts'
import { loadFile } from './load.ts'
import { shownPath } from './place.ts'
import { dslIndex } from './resolve.ts'

const checked = (): Project =>
  new Project({
    skipAddingFilesFromTsConfig: true,
    compilerOptions: {
      target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, lib: ['lib.esnext.d.ts'], types: [], strict: true, noEmit: true,
      skipLibCheck: true, allowImportingTsExtensions: true, resolveJsonModule: true, paths: { serrate: [dslIndex] }, rootDir: '/',
    },
  })

let project: Project | undefined

/** TypeScript's own complaints about one file, with 'serrate' resolved to this package. */
export const typeErrors = (path: string): readonly Diagnostic[] => {
  project ??= checked()
  const file = project.getSourceFile(path) ?? project.addSourceFileAtPath(path)
  file.refreshFromFileSystemSync()
  return file.getPreEmitDiagnostics().map((d) => {
    const start = d.getStart() ?? 0
    const { line, column } = file.getLineAndColumnAtPos(start)
    const text = file.getFullText().slice(start, start + (d.getLength() ?? 0))
    return diagnostic('SR1900', { ts: `TS${d.getCode()}`, reason: ts.flattenDiagnosticMessageText(d.compilerObject.messageText, ' ') }, { file: shownPath(path), line, column, text })
  })
}

/** Everything wrong with an author's file; with `types`, what TypeScript says of it too. */
export const checkFile = async (path: string, options: { readonly types?: boolean } = {}): Promise<Diagnostic[]> => {
  const { diagnostics } = await loadFile(path)
  const unreadable = diagnostics.some((d) => ['SR1001', 'SR1002', 'SR1009'].includes(d.code))
  return [...diagnostics, ...(options.types && !unreadable ? typeErrors(resolve(path)) : [])]
}
