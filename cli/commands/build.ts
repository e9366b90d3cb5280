import { resolve } from 'node:path'
import { type OutputFile, writeFolder } from '../../codegen/emit/write.ts'
import type { LoadedChain, LoadedInteraction } from '../../codegen/frontend/index.ts'
import type { Wanted } from '../compile.ts'
import { checkOptions, isAttention, isNotAttention, kindOf } from '../families.ts'
import { filesFor } from '../generated.ts'
import type { Handler } from '../handlers.ts'
import { display } from '../paths.ts'
import { resolveEach } from '../resolve.ts'
import { shippedChains, shippedInteractions, shippedNames } from '../shipped.ts'
import { commands, type OptionsOf } from '../table.ts'
import { plural } from '../text.ts'

interface Placed { readonly file: string; readonly manifest: { readonly kernel: string; readonly target: string; readonly definition: string } }

const placedIn = (files: readonly OutputFile[], name: string): readonly Placed[] => {
  const found = files.find((f) => f.path === name)
  return found ? (JSON.parse(String(found.content)) as { kernels: readonly Placed[] }).kernels : []
}

const interactionsOf = async (definitions: readonly (LoadedInteraction | LoadedChain)[], { target: targets, dtype: dtypes, sizes, precision, gradients, arch }: OptionsOf<'build'>): Promise<readonly OutputFile[]> => {
  if (!definitions.length) return []
  const { interactionFilesFor } = await import('../interaction/generated.ts')
  const forms = targets.flatMap((target) => dtypes.map((dtype) => ({ target, dtype, precision, ...(arch && { architecture: arch }) })))
  return interactionFilesFor(definitions, { forms, ...(gradients && { gradients: forms }), ...(sizes && { sizes }) })
}

export const run: Handler<'build'> = async (refs, options, { given }) => {
  const { out, target: targets, dtype: dtypes, dim: dims, valueDim, arch } = options
  const wanted = targets.flatMap((target) => dtypes.flatMap((dtype) => dims.map((dim): Wanted => ({ target, dtype, dim, ...(valueDim !== undefined && { valueDim }), ...(arch && { architecture: arch }) }))))
  const definitions = await resolveEach(refs.length ? refs : [...shippedNames, ...shippedInteractions, ...shippedChains])
  if (new Set(definitions.map(kindOf)).size === 1) checkOptions(commands.build, definitions[0]!, given)
  const attention = definitions.filter(isAttention)
  const interactions = definitions.filter(isNotAttention)
  const files = [...(attention.length ? filesFor(attention, wanted) : []), ...(await interactionsOf(interactions, options))]
  const change = writeFolder(resolve(out), files)
  const kernels = [...placedIn(files, 'manifest.json'), ...placedIn(files, 'interactions.json')]
  const list = kernels.map(({ file, manifest: m }) => ({ kernel: m.kernel, definition: m.definition, target: m.target, file }))
  return {
    ok: true,
    json: { out: display(resolve(out)), kernels: list, files: files.map((f) => f.path), written: change.written, unchanged: change.unchanged },
    text: [...list.map((k) => `  ${k.file}`), `${plural(list.length, 'kernel')} of ${plural(definitions.length, 'definition')} in ${display(resolve(out))}: ${change.written.length} files written, ${change.unchanged.length} unchanged`].join('\n'),
  }
}
