import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import packageJson from '../../package.json' with { type: 'json' }
import type { NamedCapture } from '../ir/algorithm.ts'
import type { AttentionLayout } from '../ir/layout.ts'
import { type KernelManifest, type KernelSource, TILES } from '../ir/manifest.ts'
import { snake } from '../ir/names.ts'
import { render } from './render.ts'
import { toolVersion } from './version.ts'
import type { OutputFile } from './write.ts'

/** What a kernel of the package is for; in the order in which a launch tries them. */
export type PythonPath = 'pack' | 'short' | 'own' | 'hopper' | 'any'

/** A kernel that the package launches. */
export interface PythonKernel {
  readonly path: PythonPath
  readonly source: KernelSource
  /** Taken only where sequences have at most this many query rows on average. */
  readonly maxMeanRows?: number
}

export interface PythonDefinition {
  readonly name: string
  /** The author's own sentence. */
  readonly about: string
  readonly layout: AttentionLayout
  readonly captures: readonly NamedCapture[]
  /** In the order in which a launch tries them; those of path `any` also lie in `cuda/`. */
  readonly kernels: readonly PythonKernel[]
}

const PACKAGE = 'python/serrate_kernels'
const still = fileURLToPath(new URL('../../templates/python/package/', import.meta.url))

/** Files that no definition changes. */
const stillFiles = (): readonly OutputFile[] =>
  readdirSync(still, { recursive: true, withFileTypes: true }).filter((e) => e.isFile() && /\.(py|typed)$/.test(e.name)).map((e) => {
    const path = join(e.parentPath, e.name)
    return { path: `python/${path.slice(still.length)}`, content: readFileSync(path, 'utf8') }
  })

const RESERVED: ReadonlySet<string> = new Set(['global', 'lambda', 'class', 'def', 'from', 'import', 'in', 'is', 'not', 'or', 'and', 'pass', 'return', 'with', 'as', 'if', 'for', 'while', 'del', 'q', 'k', 'v', 'align', 'scale'])
const argumentOf = ({ name }: NamedCapture): string => (RESERVED.has(snake(name)) ? `${snake(name)}_` : snake(name))

const fileOf = ({ path, source: { manifest: m } }: PythonKernel): string => (path === 'any' ? `cuda/${m.definition}/${m.kernel}.cu` : `kernels/${m.definition}/${m.kernel}_${path}.cu`)

const launched = ({ launcher: _, ...entries }: KernelManifest['entryPoints']): object => entries

const kernelEntry = (k: PythonKernel): object => {
  const m = k.source.manifest
  return {
    file: fileOf(k), path: k.path, ...(k.maxMeanRows !== undefined && { maxMeanRows: k.maxMeanRows }),
    kernel: m.kernel, dtype: m.dtype, headDim: m.headDim, valueDim: m.valueDim, blockM: m.blockM, split: m.split, pack: m.pack, persistent: m.persistent ?? false, ...(m.builders && { builders: [m.builders.sequences, m.builders.blocks] }),
    sharedBytes: m.sharedBytes, tilesEntries: m.tilesEntries ?? TILES.entries, threads: m.threads, entryPoints: launched(m.entryPoints),
    architectures: m.requires.architectures, buffers: m.buffers.map((b) => b.name),
  }
}

const captureEntry = (c: NamedCapture): object =>
  ({ name: c.name, argument: argumentOf(c), kind: c.kind, dtype: c.dtype, perHead: c.perHead ?? false, ...(c.layout && { layout: c.layout }), ...(c.columns && { columns: c.columns }) })

const indexFile = (d: PythonDefinition): OutputFile => {
  const { manifest: m } = d.kernels[0]!.source
  const head = { name: d.name, layout: d.layout, lse: m.lse, smScale: m.smScale, captures: d.captures.map(captureEntry), params: m.params.map((p) => [p.type, p.source]) }
  const fields = Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
  return { path: `${PACKAGE}/kernels/${d.name}.json`, content: `{\n${fields.join(',\n')},\n"kernels": [\n${d.kernels.map((k) => `  ${JSON.stringify(kernelEntry(k))}`).join(',\n')}\n]\n}\n` }
}

const rows = (c: NamedCapture): string => (c.columns ? `[rows, ${c.columns}]` : '[rows]')
const shapes: Readonly<Record<NamedCapture['kind'], (c: NamedCapture) => string>> = {
  scalar: (c) => (c.dtype === 'i32' ? 'a whole number' : 'a number'),
  perHead: () => '[heads]',
  perSequence: () => '[B]',
  perToken: (c) => `${rows(c)}; where keys have rows of their own, a pair of it for the queries and for the keys`,
  pair: (c) => (c.layout === 'dense' ? `[B, ${c.perHead ? '(Hr,) ' : ''}rows, columns]` : `[${c.perHead ? '(Hr,) ' : ''}sum of qLen * kvLen], row-major, one sequence after another`) + (c.perHead ? ', Hr a divisor of the heads' : ''),
  table: (c) => (c.perHead ? '[heads, length]' : '[length]'),
}
const torchDtypes = { i32: 'int32', f32: 'float32' } as const

const typeOf = (c: NamedCapture): string =>
  c.kind === 'scalar' ? (c.dtype === 'i32' ? 'int' : 'float') + (c.default === undefined ? '' : ` = ${c.default}`) : c.kind === 'perToken' ? 'Tensor | tuple[Tensor, Tensor]' : 'Tensor'

const captureContext = (c: NamedCapture) => ({
  argument: argumentOf(c), type: typeOf(c), twoSided: c.kind === 'perToken', about: c.kind === 'scalar' ? shapes.scalar(c) : `${torchDtypes[c.dtype]} ${shapes[c.kind](c)}`,
})

const queryTexts: Readonly<Record<AttentionLayout['queries'], { readonly text: string; readonly q: string; readonly out: string }>> = {
  self: { text: 'Queries and keys of a sequence are the same rows', q: '[rows, heads, head dim]', out: '[rows, heads, head dim]' },
  jagged: { text: 'Queries and keys have offsets of their own', q: '[rows, heads, head dim]', out: '[rows, heads, head dim]' },
  dense: { text: 'T queries for each sequence of keys', q: '[B, T, heads, head dim]', out: '[B, T, heads, head dim]' },
  broadcast: { text: 'The same T queries for every sequence of keys', q: '[T, heads, head dim]', out: '[B, T, heads, head dim]' },
}

const distinct = <T,>(values: readonly T[]): readonly T[] => [...new Set(values)]

const context = (d: PythonDefinition) => {
  const { queries, align, sharedKeys } = d.layout
  const manifests = d.kernels.map((k) => k.source.manifest)
  const passed = d.captures.flatMap((c) => (c.kind === 'perToken' ? [`${argumentOf(c)}_q`, `${argumentOf(c)}_kv`] : [argumentOf(c)])).map((name) => `, ${name}`).join('')
  return {
    name: d.name, about: d.about, align, lse: manifests[0]!.lse, scaled: manifests[0]!.smScale.kind === 'default', self: queries === 'self',
    jaggedQueries: queries === 'self' || queries === 'jagged', keyOffsets: queries !== 'self', rowsOfTheirOwn: queries === 'dense' || queries === 'broadcast',
    queryShape: queryTexts[queries].q, outShape: queryTexts[queries].out, layoutText: `${queryTexts[queries].text}${sharedKeys ? '; sequences share keys through kv_index' : ''}`,
    dtypes: distinct(manifests.map((m) => m.dtype)).join(', '), dims: [...distinct(manifests.map((m) => m.headDim))].sort((a, b) => a - b).join(' or '),
    captures: [...d.captures].sort((a, b) => Number(a.default !== undefined) - Number(b.default !== undefined)).map(captureContext), passed,
    captureNames: d.captures.map((c) => `\`${argumentOf(c)}\``).join(', ') || 'none',
  }
}

/** The PyTorch package under `python/`: functions, launch code, and the kernels that `cuda/` does not hold. */
export const pythonFiles = (definitions: readonly PythonDefinition[]): readonly OutputFile[] => {
  const all = { tool: toolVersion, version: packageJson.version, definitions: definitions.map(context) }
  const rendered = { 'python/README.md': 'readme', 'python/pyproject.toml': 'pyproject', [`${PACKAGE}/__init__.py`]: 'init', [`${PACKAGE}/functions.py`]: 'functions' }
  return [
    ...stillFiles(),
    ...Object.entries(rendered).map(([path, template]) => ({ path, content: render('python', template, all) })),
    ...definitions.map(indexFile),
    ...definitions.flatMap((d) => d.kernels.filter((k) => k.path !== 'any').map((k) => ({ path: `${PACKAGE}/${fileOf(k)}`, content: k.source.text }))),
  ]
}

/** Files of `generated/` that this module owns; what Python itself leaves beside them is not. */
export const isPython = (path: string): boolean => /^python\/([^/]+\.(py|toml|md)|serrate_kernels\/([^/]+\.(py|typed)|kernels\/.+\.(cu|json))|tests\/[^/]+\.py)$/.test(path)
