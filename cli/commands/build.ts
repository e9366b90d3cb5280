import { resolve } from 'node:path'
import { writeFolder } from '../../codegen/emit/write.ts'
import type { Wanted } from '../compile.ts'
import { filesFor } from '../generated.ts'
import type { Handler } from '../handlers.ts'
import { display } from '../paths.ts'
import { resolveAll } from '../resolve.ts'
import { shippedNames } from '../shipped.ts'
import { plural } from '../text.ts'

export const run: Handler<'build'> = async (refs, { out, target: targets, dtype: dtypes, dim: dims, valueDim, arch }) => {
  const wanted = targets.flatMap((target) => dtypes.flatMap((dtype) => dims.map((dim): Wanted => ({ target, dtype, dim, ...(valueDim !== undefined && { valueDim }), ...(arch && { architecture: arch }) }))))
  const definitions = await resolveAll(refs.length ? refs : shippedNames)
  const files = filesFor(definitions, wanted)
  const change = writeFolder(resolve(out), files)
  const { kernels } = JSON.parse(String(files.find((f) => f.path === 'manifest.json')!.content)) as { kernels: { file: string; manifest: { kernel: string; target: string; definition: string } }[] }
  const list = kernels.map(({ file, manifest: m }) => ({ kernel: m.kernel, definition: m.definition, target: m.target, file }))
  return {
    ok: true,
    json: { out: display(resolve(out)), kernels: list, files: files.map((f) => f.path), written: change.written, unchanged: change.unchanged },
    text: [...list.map((k) => `  ${k.file}`), `${plural(list.length, 'kernel')} of ${plural(definitions.length, 'definition')} in ${display(resolve(out))}: ${change.written.length} files written, ${change.unchanged.length} unchanged`].join('\n'),
  }
}
