import { resolve } from 'node:path'
import { isGenerated } from '../../codegen/emit/generate.ts'
import { compareFolder, type FolderChange, type OutputFile, writeFolder } from '../../codegen/emit/write.ts'
import { diagnostic, fail, formatDiagnostic } from '../../codegen/ir/diagnostics/index.ts'
import { cliPage } from '../docs.ts'
import { GENERATED_BYTES, shippedFiles } from '../generated.ts'
import type { Handler } from '../handlers.ts'
import { display, inProject, projectRoot } from '../paths.ts'
import { grouped, plural } from '../text.ts'

const size = (files: readonly OutputFile[]): number => files.reduce((sum, f) => sum + Buffer.byteLength(f.content), 0)
const changed = ({ written, removed }: FolderChange): readonly string[] => [...written, ...removed]
const page = (): readonly OutputFile[] => [{ path: 'cli.md', content: cliPage() }]

export const run: Handler<'generate'> = async (_args, { check, out }) => {
  const root = out === 'generated' ? inProject('generated') : resolve(out)
  process.chdir(projectRoot) // headers name files relative to the working directory
  const files = await shippedFiles()
  const bytes = size(files)
  if (bytes > GENERATED_BYTES) fail('SR8052', { bytes: grouped(bytes), limit: grouped(GENERATED_BYTES) })
  const docs = inProject('docs')
  const change = (check ? compareFolder : writeFolder)(root, files, isGenerated)
  const docsChange = (check ? compareFolder : writeFolder)(docs, page())
  const different = [...changed(change), ...docsChange.written.map((p) => `docs/${p}`)]
  const json = { out: display(root), files: files.length, bytes, written: change.written, removed: change.removed }
  if (check && different.length) {
    const names = different.length > 5 ? `${different.slice(0, 5).join(', ')}, …` : different.join(', ')
    const stale = diagnostic('SR8050', { count: different.length, names })
    return { ok: false, json: { ...json, error: stale, diagnostics: [stale] }, text: formatDiagnostic(stale) }
  }
  const did = check ? 'up to date' : `${plural(different.length, 'file')} written or removed`
  return { ok: true, json, text: `${display(root)}: ${plural(files.length, 'file')}, ${grouped(bytes)} bytes, ${did}` }
}
