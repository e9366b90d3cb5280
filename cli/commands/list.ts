import type { AttentionDefinition } from '../../dsl/attention.ts'
import type { LoadedDefinition } from '../../codegen/frontend/index.ts'
import { targetNames } from '../../codegen/schedule/targets.ts'
import type { Handler } from '../handlers.ts'
import { chainEntry, chainTable } from '../interaction/chain.ts'
import { interactionEntry, interactionTable } from '../interaction/list.ts'
import { layoutText, operatorOf, pathsText } from '../operators.ts'
import { queryLayouts } from '../options.ts'
import { display, projectRoot } from '../paths.ts'
import { resolveAll, resolveChains, resolveInteractions } from '../resolve.ts'
import { shippedAbout, shippedChains, shippedFile, shippedInteractions, shippedNames } from '../shipped.ts'
import { columns } from '../text.ts'

const entry = ({ definition: d, algorithm }: LoadedDefinition) => ({
  name: d.name,
  family: d.kind,
  about: shippedAbout(d.name),
  file: display(shippedFile(d.name), projectRoot),
  normalizer: d.normalizer.kind,
  hooks: (['scoreMod', 'maskMod'] as const).filter((hook) => (d as AttentionDefinition)[hook]),
  captures: algorithm.captures.map(({ name, kind, dtype, perHead, columns: n, layout, default: given }) => ({ name, kind, dtype, perHead, ...(n && { columns: n }), ...(layout && { layout }), ...(given !== undefined && { default: given }) })),
  ...operatorOf(algorithm),
})

const dtypesText = (kernels: readonly ReturnType<typeof entry>[]): string => targetNames.map((t) => `${t} in ${[...new Set(kernels.flatMap((k) => k.targets[t].dtypes))].join(', ')}`).join('; ')

export const run: Handler<'list'> = async () => {
  const kernels = (await resolveAll(shippedNames)).map(entry)
  const interactions = (await resolveInteractions(shippedInteractions)).map(interactionEntry)
  const chains = (await resolveChains(shippedChains)).map(chainEntry)
  const rows = kernels.map((k) => [k.name, layoutText(k.layout), k.normalizer, k.tileMode, pathsText(k.targets), k.captures.map((c) => c.name).join(' ')])
  const table = columns([['operator', 'layout', 'normalizer', 'tiles', 'paths', 'captures'], ...rows])
  const notes = [
    `Every attention runs on ${dtypesText(kernels)}.`,
    `layout is the operator's own; a launch may have any: ${queryLayouts.join(', ')}; positions from the start or the end; shared keys; fewer key heads; strides.`,
    'tiles: how the key tiles of a mask are found (docs/masks.md). paths: schedules beside the usual one: pack short sequences into a tile, split keys, order long sequences first, gqa: heads of a group in one tile.',
  ]
  const interactionNotes = [
    'An interaction runs on both targets in f32, f16 and bf16; one that only copies elements in i32 too. A launch may have any lengths; dense axes are fixed when a kernel is made.',
    'gradients: the inputs whose gradient is derived; `serrate explain NAME` says in which steps.',
  ]
  return { ok: true, json: { layouts: queryLayouts, kernels, interactions, chains }, text: [table, notes.join('\n'), interactionTable(interactions), interactionNotes.join('\n'), chainTable(chains)].join('\n\n') }
}
