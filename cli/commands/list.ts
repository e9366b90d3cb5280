import type { AttentionDefinition } from '../../dsl/attention.ts'
import { readFileSync } from 'node:fs'
import type { Handler } from '../handlers.ts'
import { display, projectRoot } from '../paths.ts'
import { importShipped, shippedFile, shippedNames } from '../shipped.ts'
import { columns } from '../text.ts'

const about = (name: string): string => /\/\*\* (.*?) \*\//s.exec(readFileSync(shippedFile(name), 'utf8'))?.[1] ?? ''

const capturesOf = (d: AttentionDefinition) => [
  ...Object.entries(d.captures).map(([name, c]) => ({ name: c.name ?? name, kind: c.kind, dtype: c.dtype, perHead: c.perHead, ...(c.default !== undefined && { default: c.default }) })),
  ...(typeof d.smScale === 'object' ? [{ name: d.smScale.name ?? 'smScale', kind: d.smScale.kind, dtype: d.smScale.dtype, perHead: false }] : []),
]

const entry = async (name: string) => {
  const d = await importShipped(name)
  return {
    name: d.name,
    family: d.kind,
    about: about(name),
    file: display(shippedFile(name), projectRoot),
    normalizer: d.normalizer.kind,
    hooks: (['scoreMod', 'maskMod'] as const).filter((hook) => d[hook]),
    captures: capturesOf(d),
  }
}

export const run: Handler<'list'> = async () => {
  const kernels = await Promise.all(shippedNames.map(entry))
  return { ok: true, json: { kernels }, text: columns(kernels.map((k) => [k.name, k.family, k.about, k.captures.map((c) => `${c.name}: ${c.kind} ${c.dtype}`).join(', ')])) }
}
