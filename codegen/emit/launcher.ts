import type { NamedCapture } from '../ir/algorithm.ts'
import type { AttentionLayout } from '../ir/layout.ts'
import type { KernelManifest } from '../ir/manifest.ts'
import { commonParams } from '../ir/names.ts'
import { headerContext } from './header.ts'
import { render } from './render.ts'
import { block, camel, fields, literal, pascal, shared, union } from './typescript.ts'
import { toolVersion } from './version.ts'
import type { OutputFile } from './write.ts'

/** An emitted kernel and where its text lies, relative to the output folder. */
export interface PlacedKernel {
  readonly file: string
  /** Emitted for a recorded winner; else with the default schedule. */
  readonly tuned: boolean
  readonly manifest: KernelManifest
}

/** Which file to launch on a device, and what it took there. */
export interface RecordedWinner {
  readonly device: string
  readonly target: string
  readonly definition: string
  readonly dtype: string
  readonly headDim: number
  readonly file: string
  readonly ms: number
  readonly defaultMs: number | null
}

export interface LaunchedDefinition {
  readonly name: string
  readonly hash: string
  /** Where the author wrote it. */
  readonly place: string
  readonly layout: AttentionLayout
  readonly captures: readonly NamedCapture[]
  readonly kernels: readonly PlacedKernel[]
  readonly winners: readonly RecordedWinner[]
}

const shapes: Readonly<Record<NamedCapture['kind'], (c: NamedCapture) => string>> = {
  scalar: () => 'one number',
  perHead: () => '[heads]',
  perSequence: () => '[sequences]',
  perToken: (c) => `${c.columns ? `[rows, ${c.columns}]` : '[rows]'}, of the queries' and of the keys' rows where they differ`,
  pair: (c) => (c.layout === 'dense' ? `[sequences, ${c.perHead ? 'Hr, ' : ''}rows, columns]` : `[${c.perHead ? 'Hr, ' : ''}sum of qLen * kvLen]`),
  table: (c) => (c.perHead ? '[heads, length]' : '[length]'),
}
const arrays = { i32: 'Int32Array', f32: 'Float32Array' } as const

type Form = 'scalar' | 'array' | 'perToken' | 'dense' | 'jagged'
const formOf = (c: NamedCapture): Form => (c.kind === 'scalar' || c.kind === 'perToken' ? c.kind : c.kind === 'pair' ? c.layout! : 'array')

/** What a launcher takes for a capture, as TypeScript; in a page arrays may be GPUBuffers. */
const types: Readonly<Record<'webgpu' | 'cuda', Readonly<Record<Form, (array: string) => string>>>> = {
  webgpu: {
    scalar: () => 'number', array: (a) => `Values<${a}>`, perToken: (a) => `Values<${a}> | Sides<${a}>`, dense: (a) => `DensePair<${a}>`, jagged: (a) => `Values<${a}> | JaggedPair<${a}>`,
  },
  cuda: {
    scalar: () => 'number', array: (a) => a, perToken: (a) => `${a} | { readonly q: ${a}; readonly kv: ${a} }`,
    dense: (a) => `{ readonly values: ${a}; readonly rows: number; readonly columns: number }`, jagged: (a) => `${a} | { readonly values: ${a} }`,
  },
}

const captureContext = (c: NamedCapture, target: keyof typeof types) => ({
  name: c.name,
  optional: c.default !== undefined,
  about: `${c.kind} ${c.dtype}, ${shapes[c.kind](c)}${c.default === undefined ? '' : `; default ${c.default}`}`,
  type: types[target][formOf(c)](arrays[c.dtype]),
})

/** What the WebGPU launcher must know of a kernel: its manifest, less what only people and CUDA read. */
const webgpuKernel = ({ file, tuned, manifest: m }: PlacedKernel): Readonly<Record<string, unknown>> => ({
  file,
  ...(tuned && { tuned }),
  dtype: m.dtype,
  headDim: m.headDim,
  valueDim: m.valueDim,
  layout: { queries: m.layout.queries, align: m.layout.align },
  blockM: m.blockM,
  split: m.split,
  pack: m.pack,
  gqa: m.gqa,
  features: m.requires.features,
  subgroupLanes: m.requires.subgroupLanes,
  limits: m.requires.limits,
  lse: m.lse,
  smScale: m.smScale,
  captureParams: m.params.slice(commonParams.length).map(({ type, source }) => ({ type, source })),
  buffers: m.buffers.map(({ name, binding, access, entries }) => ({ name, binding, written: access === 'read_write', entries })),
  captures: m.captures.map(({ name, dtype, kind, perHead, layout, default: given }) => ({ name, dtype, kind, perHead, ...(layout && { layout }), ...(given !== undefined && { default: given }) })),
})

/** A winner as the WebGPU launcher looks it up: by what the adapter calls itself. */
const webgpuWinner = ({ device, dtype, headDim, file, ms, defaultMs }: RecordedWinner): object => ({ device: device.replace(/ \(software, .*\)$/, ''), dtype, headDim, file, ms, defaultMs })

const queriesText: Readonly<Record<AttentionLayout['queries'], string>> = {
  self: 'one jagged batch, queries and keys at the same offsets', jagged: 'jagged queries and jagged keys, each with offsets', dense: '`queryRows` queries for every sequence, [sequences, queryRows, heads, dim]', broadcast: 'the same `queryRows` queries for every sequence, [queryRows, heads, dim]',
}

/** How a launch lies unless it says otherwise. */
const layoutText = ({ queries, align, sharedKeys }: AttentionLayout): string =>
  `${queriesText[queries]}${align === 'end' ? '; the last query has the position of the last key' : ''}${sharedKeys ? '; sequences share keys through `kvIndex`' : ''}`

/** Empty where every value dim is the head dim. */
const valueDims = (kernels: readonly PlacedKernel[]): string => (kernels.every(({ manifest: m }) => m.valueDim === m.headDim) ? '' : union(kernels.map((k) => k.manifest.valueDim)))

const webgpuFile = (d: LaunchedDefinition, kernels: readonly PlacedKernel[]): OutputFile => {
  const { common, own } = shared(kernels.map(webgpuKernel))
  const captures = d.captures.map((c) => captureContext(c, 'webgpu'))
  return {
    path: `${d.name}.ts`,
    content: render('bindings', 'launcher', {
      tool: toolVersion, name: d.name, hash: d.hash, place: d.place, pascal: pascal(d.name), camel: camel(d.name), captures,
      layout: layoutText(d.layout),
      imports: ['DensePair', 'JaggedPair', 'Sides', 'Values'].filter((name) => captures.some((c) => c.type.includes(`${name}<`))),
      common: block(common),
      kernels: own.map((k) => ({ fields: fields(k) })),
      dims: union(kernels.map((k) => k.manifest.headDim)), value_dims: valueDims(kernels), dtypes: union(kernels.map((k) => k.manifest.dtype)),
      winners: d.winners.filter((w) => w.target === 'wgsl').map((w) => ({ fields: fields(webgpuWinner(w)) })),
    }),
  }
}

const cudaFile = (d: LaunchedDefinition, kernels: readonly PlacedKernel[]): OutputFile => ({
  path: `${d.name}.cuda.ts`,
  content: render('bindings', 'cuda', {
    tool: toolVersion, layout: layoutText(d.layout), name: d.name, hash: d.hash, place: d.place, pascal: pascal(d.name),
    captures: d.captures.map((c) => captureContext(c, 'cuda')),
    dtypes: union(kernels.map((k) => k.manifest.dtype)),
    dims: union(kernels.map((k) => k.manifest.headDim)),
    value_dims: valueDims(kernels),
  }),
})

const headerFile = (d: LaunchedDefinition, kernels: readonly PlacedKernel[]): OutputFile => ({
  path: `cuda/${d.name}/${d.name}.h`,
  content: render('bindings', 'header', { tool: toolVersion, name: d.name, hash: d.hash, place: d.place, layout: layoutText(d.layout).replaceAll('`', ''), ...headerContext(d.name, kernels) }),
})

const ofTarget = (kernels: readonly PlacedKernel[], target: string) => kernels.filter((k) => k.manifest.target === target)

/** Typed launchers of definitions, and the support files that they share. */
export const launcherFiles = (definitions: readonly LaunchedDefinition[]): readonly OutputFile[] => {
  const files: OutputFile[] = []
  for (const d of definitions) {
    const wgsl = ofTarget(d.kernels, 'wgsl')
    const cuda = ofTarget(d.kernels, 'cuda')
    if (wgsl.length) files.push(webgpuFile(d, wgsl))
    if (cuda.length) files.push(cudaFile(d, cuda), headerFile(d, cuda.filter((k) => !k.tuned)))
  }
  const targets = new Set(definitions.flatMap((d) => d.kernels.map((k) => k.manifest.target)))
  if (targets.has('wgsl')) files.push(...['webgpu', 'webgpu_captures', 'webgpu_tensors'].map((name) => ({ path: `launch/${name}.ts`, content: render('bindings', name, { tool: toolVersion, commonParams: commonParams.map(({ type, source }) => literal({ type, source })) }) })))
  if (targets.has('cuda')) files.push({ path: 'launch/cuda.ts', content: render('bindings', 'cuda_host', { tool: toolVersion }) })
  return files
}
