import type { NamedCapture } from '../ir/algorithm.ts'
import { bufferName, type GridFactor, type InteractionManifest, type LayoutAxis, ownerOf, printTensor, type Segment, segmentOf, type TensorSpec } from '../ir/interaction/index.ts'
import { render } from './render.ts'
import { block, camel, fields, pascal, shared, union } from './typescript.ts'
import { toolVersion } from './version.ts'
import type { OutputFile } from './write.ts'

/** An emitted kernel of a definition's own, and where its text lies, relative to the output folder. */
export interface PlacedInteraction {
  readonly file: string
  /** Emitted for a recorded winner; else with the default schedule. */
  readonly tuned: boolean
  readonly manifest: InteractionManifest
}

/** Which file to launch on a device, and what it took there. */
export interface RecordedInteractionWinner {
  readonly device: string
  readonly target: string
  readonly dtype: string
  readonly file: string
  readonly ms: number
  readonly defaultMs: number | null
}

export interface LaunchedInteraction {
  readonly name: string
  readonly hash: string
  /** Where the author wrote it. */
  readonly place: string
  readonly kernels: readonly PlacedInteraction[]
  readonly winners: readonly RecordedInteractionWinner[]
}

type Factor = number | string | object

/** The tensors that a kernel binds, each once, and its output. */
const boundTensors = ({ inputs, output, buffers }: InteractionManifest): readonly TensorSpec[] =>
  [...[...new Set(inputs.map((t) => t.tensor))].filter((tensor) => buffers.some((b) => b.name === bufferName.tensor(tensor))).map((tensor) => inputs.find((t) => t.name === tensor) ?? inputs.find((t) => t.tensor === tensor)!), output]

/** A source by the axis that owns what it counts. */
const owned = (m: InteractionManifest, source: string): string => {
  const [kind, name] = source.split(':') as [string, string?]
  return (kind === 'batch' || kind === 'capacity' || kind === 'size') && name ? `${kind}:${ownerOf(m, name)}` : source
}

const batchOf = (m: InteractionManifest, s: Segment): string => `batch:${ownerOf(m, s.batch)}`

const gridFactor = (m: InteractionManifest, g: GridFactor): Factor =>
  g.kind === 'const' ? g.value
  : g.kind === 'count' ? (g.per === 1 ? owned(m, g.of) : { of: owned(m, g.of), per: g.per })
  : g.kind === 'tiles' ? { tiles: `rows:${g.segment}`, batch: batchOf(m, m.segments.find((s) => s.name === g.segment)!), per: g.per }
  : { factors: g.factors.map((f) => gridFactor(m, f)), per: g.per, least: g.least }

const extent = (m: InteractionManifest, name: string): number | string => {
  const { kind, like } = m.axes.find((a) => a.name === name)!
  return kind === 'batch' ? `batch:${like}` : kind === 'jagged' ? `capacity:${like}` : (m.sizes[like] ?? `size:${like}`)
}

const axisFactors = (m: InteractionManifest, a: LayoutAxis): readonly Factor[] => {
  if (a.kind === 'axis') return [extent(m, a.name)]
  const [rows, columns] = [extent(m, a.row), extent(m, a.column)]
  return a.kind === 'outer' ? [rows, columns] : [typeof rows === 'number' ? (rows * (rows - 1)) / 2 : { lower: rows }]
}

/** How many elements a tensor has. */
const elementsOf = (m: InteractionManifest, t: TensorSpec): readonly Factor[] => {
  const segment = segmentOf(m, t)
  return segment ? [`rows:${segment.name}`, ...t.axes.slice(1).flatMap((a) => axisFactors(m, a))] : [...(t.batch === null ? [] : [`batch:${ownerOf(m, t.batch)}`]), ...t.axes.flatMap((a) => axisFactors(m, a))]
}

const bytesOf = (m: InteractionManifest, { dtype }: TensorSpec): number => ((dtype === 'element' && (m.dtype === 'f16' || m.dtype === 'bf16')) ? 2 : 4)
const tensorName = (m: InteractionManifest, t: TensorSpec): string => (t === m.output ? 'out' : t.tensor)

const segmentsRead = (m: InteractionManifest): readonly Segment[] => m.segments.filter((s) => m.buffers.some((b) => b.name === bufferName.offsets(s.name)))
const capturesRead = (m: InteractionManifest): readonly NamedCapture[] => m.captures.filter((c) => m.params.some((p) => new RegExp(`^(scalar|scalarBits|base|length):${c.name}$`).test(p.source)))

/** What the WebGPU launcher must know of a kernel. */
const kernelOf = ({ file, tuned, manifest: m }: PlacedInteraction): Readonly<Record<string, unknown>> => ({
  file, ...(tuned && { tuned }), dtype: m.dtype, sizes: m.sizes, limits: m.requires.limits,
  tensors: Object.fromEntries(boundTensors(m).map((t) => [tensorName(m, t), { buffer: bufferName.tensor(tensorName(m, t)), bytes: bytesOf(m, t), elements: elementsOf(m, t) }])),
  offsets: Object.fromEntries(segmentsRead(m).map((s) => [s.name, { buffer: bufferName.offsets(s.name), batch: batchOf(m, s) }])),
  params: m.params.map(({ type, source }) => `${type} ${owned(m, source)}`),
  buffers: m.buffers.map(({ name, access, entries }) => ({ name, ...(access === 'read_write' && { written: true }), ...(entries.length < m.entries.length && { entries }) })),
  entries: m.entries.map(({ name, entryPoint, grid }) => ({ name, entryPoint, grid: grid.map((g) => gridFactor(m, g)) })),
  ...(m.partials && { partials: m.partials.map((g) => gridFactor(m, g)) }), ...(m.params.some((p) => p.source === 'parts') && { parts: m.schedule.values.parts! }),
  captures: capturesRead(m).map(({ name, dtype, kind, default: given }) => ({ name, dtype, kind, ...(given !== undefined && { default: given }) })),
})

const groupNames = { batch: 'batches', rows: 'rows', capacity: 'capacities', size: 'sizes' } as const

/** Quantities that some kernel asks of a launch, by group. */
const quantitiesOf = (kernels: readonly PlacedInteraction[], kind: keyof typeof groupNames): readonly string[] => {
  const found = kernels.map(kernelOf).flatMap((k) => [...JSON.stringify(k).matchAll(new RegExp(`"(?:u32 )?${kind}:([^"]+)"`, 'g'))].map((m) => m[1]!))
  return [...new Set(found)].sort()
}

interface Group { readonly name: string; readonly optional: boolean; readonly type: string }
const key = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`)
interface Member { readonly name: string; readonly type: string; readonly about?: string; readonly optional?: boolean }
const members = (list: readonly Member[]): string => `{ ${list.map((m) => `${m.about ? `/** ${m.about} */ ` : ''}readonly ${key(m.name)}${m.optional ? '?' : ''}: ${m.type}`).join('; ')} }`
const group = (name: string, list: readonly Member[], optional = false): readonly Group[] => (list.length ? [{ name, optional: optional || list.every((m) => m.optional), type: members(list) }] : [])

const arrays = { i32: 'Int32Array', f32: 'Float32Array' } as const
const sumsText = (s: Segment): string => (s.kind === 'axis' ? `running sums of the lengths of ${s.row}` : s.kind === 'outer' ? `running sums of ${s.row} * ${s.column}` : `running sums of ${s.row} * (${s.row} - 1) / 2`)
const numberMembers = (names: readonly string[]): readonly Member[] => names.map((name) => ({ name, type: 'number' }))

/** What all kernels of a definition read, each once. */
const union2 = <T>(kernels: readonly PlacedInteraction[], of: (m: InteractionManifest) => readonly T[], name: (t: T, m: InteractionManifest) => string): readonly (readonly [string, T])[] =>
  [...new Map(kernels.flatMap(({ manifest: m }) => of(m).map((t) => [name(t, m), t] as const)))]

const webgpuGroups = (kernels: readonly PlacedInteraction[]): readonly Group[] => {
  const captures = union2(kernels, capturesRead, (c) => c.name)
  const segments = union2(kernels, segmentsRead, (s) => s.name)
  return [
    ...group('tensors', union2(kernels, boundTensors, (t, m) => tensorName(m, t)).map(([name, t]) => ({ name, type: 'Tensor', about: printTensor(t) }))),
    ...group('offsets', segments.map(([name, s]) => ({ name, type: 'Tensor', about: sumsText(s) }))),
    ...group('offsetWords', segments.map(([name]) => ({ name, type: '1 | 2', optional: true })), true),
    ...(Object.keys(groupNames) as (keyof typeof groupNames)[]).flatMap((kind) => group(groupNames[kind], numberMembers(quantitiesOf(kernels, kind)))),
    ...group('captures', captures.map(([name, c]) => ({ name, type: c.kind === 'scalar' ? 'number' : `Values<${arrays[c.dtype]}>`, optional: c.default !== undefined, about: `${c.kind} ${c.dtype}${c.default === undefined ? '' : `, default ${c.default}`}` }))),
  ]
}

const webgpuFile = (d: LaunchedInteraction, kernels: readonly PlacedInteraction[]): OutputFile => {
  const { common, own } = shared(kernels.map(kernelOf))
  const groups = webgpuGroups(kernels)
  return {
    path: `interaction/${d.name}.ts`,
    content: render('bindings', 'interaction', {
      tool: toolVersion, name: d.name, hash: d.hash, place: d.place, pascal: pascal(d.name), camel: camel(d.name), groups, arrays: groups.some((g) => g.type.includes('Values<')),
      common: block(common), kernels: own.map((k) => ({ fields: fields(k) })), dtypes: union(kernels.map((k) => k.manifest.dtype)),
      winners: d.winners.filter((w) => kernels.some((k) => k.file === w.file)).map(({ device, dtype, file, ms, defaultMs }) => ({ fields: fields({ device: device.replace(/ \(software, .*\)$/, ''), dtype, file, ms, defaultMs }) })),
    }),
  }
}

const elementArrays = { f32: 'Float32Array', f16: 'Uint16Array', bf16: 'Uint16Array', i32: 'Int32Array' } as const

const cudaGroups = (kernels: readonly PlacedInteraction[]): readonly Group[] => {
  const elements = [...new Set(kernels.map(({ manifest: m }) => elementArrays[m.dtype]))].join(' | ')
  const inputs = (m: InteractionManifest): readonly TensorSpec[] => boundTensors(m).slice(0, -1)
  const lengths = [...new Set(kernels.flatMap(({ manifest: m }) => [...m.segments, ...boundTensors(m).flatMap((t) => segmentOf(m, t) ?? [])].flatMap((s) => [s.row, ...(s.kind === 'axis' ? [] : [s.column])])))].sort()
  const captures = union2(kernels, (m) => m.captures, (c) => c.name)
  const counted = (kind: 'batch' | 'capacity' | 'size'): readonly string[] => quantitiesOf(kernels, kind)
  const tensors = union2(kernels, inputs, (t) => t.tensor)
  return [
    { name: 'tensors', optional: false, type: tensors.length ? members(tensors.map(([name, t]) => ({ name, type: t.dtype === 'element' ? elements : arrays[t.dtype], about: printTensor(t) }))) : 'Readonly<Record<string, never>>' },
    ...group('offsets', lengths.map((name) => ({ name, type: 'Int32Array | BigInt64Array' }))),
    ...group('batches', counted('batch').map((name) => ({ name, type: 'number', optional: true, about: 'may be left out where offsets count them' })), true),
    ...group('rows', quantitiesOf(kernels, 'rows').map((name) => ({ name, type: 'number', optional: true })), true),
    ...group('capacities', numberMembers(counted('capacity'))), ...group('sizes', numberMembers(counted('size'))),
    ...group('captures', captures.map(([name, c]) => ({ name, type: c.kind === 'scalar' ? 'number' : arrays[c.dtype], optional: c.default !== undefined, about: `${c.kind} ${c.dtype}${c.default === undefined ? '' : `, default ${c.default}`}` }))),
  ]
}

const cudaFile = (d: LaunchedInteraction, kernels: readonly PlacedInteraction[]): OutputFile => ({
  path: `interaction/${d.name}.cuda.ts`,
  content: render('bindings', 'interaction_cuda', { tool: toolVersion, name: d.name, hash: d.hash, place: d.place, pascal: pascal(d.name), groups: cudaGroups(kernels), dtypes: union(kernels.map((k) => k.manifest.dtype)) }),
})

/** Typed launchers of interactions, and the support files that they share. */
export const interactionLaunchers = (definitions: readonly LaunchedInteraction[]): readonly OutputFile[] => {
  // A page has no experimental features: kernels that need one are for `run`, `bench` and the runtime.
  const of = (d: LaunchedInteraction, target: string) => d.kernels.filter((k) => k.manifest.target === target && (target === 'cuda' || k.manifest.requires.features.length === 0))
  const files = definitions.flatMap((d) => { const [wgsl, cuda] = [of(d, 'wgsl'), of(d, 'cuda')]; return [...(wgsl.length ? [webgpuFile(d, wgsl)] : []), ...(cuda.length ? [cudaFile(d, cuda)] : [])] })
  const uses = (end: string): boolean => files.some((f) => f.path.endsWith('.cuda.ts') === (end === 'cuda'))
  return [
    ...files,
    ...(uses('webgpu') ? [{ path: 'launch/webgpu_interaction.ts', content: render('bindings', 'webgpu_interaction', { tool: toolVersion, u32_range: 2 ** 32 }) }] : []),
    ...(uses('cuda') ? [{ path: 'launch/cuda_interaction.ts', content: render('bindings', 'cuda_interaction', { tool: toolVersion }) }] : []),
  ]
}
