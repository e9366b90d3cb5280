import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadFile } from '../../codegen/frontend/index.ts'
import type { Algorithm } from '../../codegen/ir/algorithm.ts'
import { SerrateError } from '../../codegen/ir/diagnostics/index.ts'
import type { AttentionDefinition } from '../../dsl/index.ts'
import { randomDefinition } from '../random/definition.ts'
import type { SourceSpec } from './sources.ts'

export interface Variant {
  readonly definition: AttentionDefinition<any>
  readonly algorithm: Algorithm
  /** What `serrate verify` takes to check it again. */
  readonly path: string
}

const kernels = fileURLToPath(new URL('../../kernels/', import.meta.url))

/** A shipped definition by name, or random hooks written as an author would, through the front end. */
export const openVariant = async (variant: SourceSpec['variant'], folder: string): Promise<Variant> => {
  let path: string
  if ('shipped' in variant) path = join(kernels, `${variant.shipped}.ts`)
  else {
    mkdirSync(folder, { recursive: true })
    path = join(folder, `random_${variant.random}.ts`)
    writeFileSync(path, randomDefinition(variant.random).source)
  }
  const { definitions, diagnostics } = await loadFile(path)
  if (diagnostics.length || !definitions[0]) throw new SerrateError(diagnostics)
  return { definition: definitions[0].definition, algorithm: definitions[0].algorithm, path: 'shipped' in variant ? variant.shipped : relative(process.cwd(), path) }
}
