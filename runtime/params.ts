import type { KernelManifest } from '../codegen/ir/manifest.ts'
import type { ParamSource } from '../codegen/ir/plan.ts'
import type { PackedCaptures } from './captures.ts'
import { type Extent, layoutFlags } from './layout.ts'
import type { Placed, TensorName } from './strides.ts'

/** The numbers of one launch, from which its params come. */
export interface LaunchFacts {
  readonly extent: Extent
  readonly heads: number
  readonly kvHeads: number
  readonly tiles: number
  readonly packed: PackedCaptures
  readonly placed: Readonly<Record<TensorName, Placed>>
  readonly smScale: number
}

type Common = Exclude<ParamSource, `${string}:${string}` | `${string}Stride`>

const common: Readonly<Record<Common, (f: LaunchFacts) => number>> = {
  sequences: (f) => f.extent.sequences,
  heads: (f) => f.heads,
  headGroup: (f) => f.heads / f.kvHeads,
  rows: (f) => f.extent.rows,
  kvRows: (f) => f.extent.kvRows,
  maxTiles: (f) => f.tiles,
  offsetWords: (f) => f.extent.words,
  kvOffsetWords: (f) => f.extent.kvWords,
  queryRows: (f) => f.extent.queryRows,
  layoutFlags: (f) => layoutFlags(f.extent),
  smScale: (f) => f.smScale,
}

const stride = /^(q|k|v|out|lse)(Row|Head)Stride$/
const sides = { Row: 'row', Head: 'head' } as const

const paramValue = (source: ParamSource, f: LaunchFacts): number => {
  const [kind, name] = source.split(/:(.*)/s) as [string, string]
  if (name !== undefined) return f.packed[(kind === 'scalar' ? 'scalars' : kind) as Exclude<keyof PackedCaptures, 'arrays'>][name]!
  const match = stride.exec(kind)
  return match ? f.placed[match[1] as TensorName][sides[match[2] as 'Row' | 'Head']] : common[kind as Common](f)
}

/** Values of the manifest's params, by name. */
export const paramsOf = ({ params }: KernelManifest, facts: LaunchFacts): Readonly<Record<string, number>> =>
  Object.fromEntries(params.map((p) => [p.name, paramValue(p.source, facts)]))
