import { resolve } from 'node:path'
import { isGenerated } from '../../codegen/emit/generate.ts'
import { isInteractionManifest } from '../../codegen/emit/generate-interaction.ts'
import { isPython } from '../../codegen/emit/python.ts'
import { compareFolder, type FolderChange, type OutputFile, writeFolder } from '../../codegen/emit/write.ts'
import { diagnostic, formatDiagnostic } from '../../codegen/ir/diagnostics/index.ts'
import { cliPage } from '../docs.ts'
import { shippedFiles, sizeOf } from '../generated.ts'
import type { Handler } from '../handlers.ts'
import { display, inProject } from '../paths.ts'
import { pictureFiles } from '../pictures.ts'
import { grouped, plural } from '../text.ts'

const changed = ({ written, removed }: FolderChange): readonly string[] => [...written, ...removed]
const docFiles = async (): Promise<readonly OutputFile[]> => [{ path: 'cli.md', content: cliPage() }, ...(await pictureFiles())]
const isPicture = (path: string): boolean => /^pictures\/\w+\.svg$/.test(path)

export const run: Handler<'generate'> = async (_args, { check, out }) => {
  const root = out === 'generated' ? inProject('generated') : resolve(out)
  const files = await shippedFiles()
  const bytes = sizeOf(files)
  const docs = inProject('docs')
  const change = (check ? compareFolder : writeFolder)(root, files, (path) => isGenerated(path) || isPython(path) || isInteractionManifest(path))
  const docsChange = (check ? compareFolder : writeFolder)(docs, await docFiles(), isPicture)
  const different = [...changed(change), ...changed(docsChange).map((p) => `docs/${p}`)]
  const json = { out: display(root), files: files.length, bytes, written: change.written, removed: change.removed }
  if (check && different.length) {
    const names = different.length > 5 ? `${different.slice(0, 5).join(', ')}, …` : different.join(', ')
    const stale = diagnostic('SR8050', { count: different.length, names })
    return { ok: false, json: { ...json, error: stale, diagnostics: [stale] }, text: formatDiagnostic(stale) }
  }
  const did = check ? 'up to date' : `${plural(different.length, 'file')} written or removed`
  return { ok: true, json, text: `${display(root)}: ${plural(files.length, 'file')}, ${grouped(bytes)} bytes, ${did}` }
}
