import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { batchCount, capacityOf, extentOf, type GridFactor, type InteractionField, type InteractionManifest } from '../../codegen/ir/interaction/index.ts'
import type { PackedCaptures } from '../captures.ts'
import { encode } from '../dtypes.ts'
import type { CheckedExtent } from './extent.ts'

/** The numbers of one launch. */
export interface InteractionFacts extends CheckedExtent {
  readonly manifest: InteractionManifest
  readonly captures: PackedCaptures
  /** Of the output. */
  readonly elements: number
}

type Source = InteractionField['source']
type Kind = Source extends infer S ? (S extends `${infer K}:${string}` ? K : S) : never

const scalarBits = ({ manifest: { dtype }, captures }: InteractionFacts, name: string): number => {
  const value = captures.scalars[name]!
  if (dtype === 'i32') return value >>> 0
  const bits = encode(dtype, [value])
  return bits instanceof Uint16Array ? bits[0]! : new Uint32Array(bits.buffer)[0]!
}

const values: Readonly<Record<Kind, (f: InteractionFacts, name: string) => number>> = {
  batch: (f, name) => batchCount(f.manifest, f.extent, name),
  rows: (f, name) => f.rows[name]!,
  capacity: (f, name) => capacityOf(f.manifest, f.extent, name),
  size: (f, name) => extentOf(f.manifest, f.extent, name),
  offsetWords: (f, name) => f.sums[name]!.words,
  scalar: (f, name) => f.captures.scalars[name]!,
  scalarBits,
  base: (f, name) => f.captures.base[name]!,
  length: (f, name) => f.captures.length[name]!,
  elements: (f) => f.elements,
  parts: (f) => f.manifest.schedule.values.parts ?? 1,
}

const valueOf = (f: InteractionFacts, source: Source): number => {
  const [kind, name = ''] = source.split(/:(.*)/s) as [Kind, string?]
  return values[kind](f, name)
}

/** Values of the manifest's params, by name. Throws SR5055 where a count does not fit 32 bits. */
export const paramsOf = (f: InteractionFacts): Readonly<Record<string, number>> => {
  const checked = (field: InteractionField): number => {
    const value = valueOf(f, field.source)
    if (field.type === 'u32' && value > 0xffffffff) fail('SR5055', { kernel: f.manifest.kernel, what: field.name, value })
    return value
  }
  return Object.fromEntries(f.manifest.params.map((p) => [p.name, checked(p)]))
}

const factors: { readonly [K in GridFactor['kind']]: (f: InteractionFacts, g: Extract<GridFactor, { kind: K }>) => number } = {
  tiles: (f, { segment, per }) => Math.floor(f.rows[segment]! / per) + f.sums[segment]!.array.length,
  count: (f, { of, per }) => Math.ceil(valueOf(f, of) / per),
  const: (_f, { value }) => value,
  ceil: (f, { factors: of, per, least }) => Math.max(least, Math.ceil(productOf(f, of) / per)),
}

/** The product of factors: the workgroups of an entry, or the elements of a workspace. */
export const productOf = (f: InteractionFacts, grid: readonly GridFactor[]): number =>
  grid.reduce((n, g) => n * (factors[g.kind] as (f: InteractionFacts, g: GridFactor) => number)(f, g), 1)
