import type { NamedCapture } from '../ir/algorithm.ts'
import { TILES } from '../ir/manifest.ts'
import { PAIRS } from '../ir/names.ts'
import type { BufferName, ParamField } from '../ir/plan.ts'
import type { PlacedKernel } from './launcher.ts'

const pointers: Readonly<Record<BufferName, readonly [type: string, about: string]>> = {
  q: ['const void*', '[rows, heads, head dim]'], k: ['const void*', '[kv_rows, key heads, head dim]'], v: ['const void*', '[kv_rows, key heads, value dim]'], out: ['void*', '[rows, heads, value dim]'],
  lse: ['float*', '[rows, heads], natural log'], tiles: ['unsigned*', 'workspace, 128-byte aligned'], seq_offsets: ['const void*', '[num_sequences + 1], offset_words 4-byte words each'],
  kv_offsets: ['const void*', 'of the keys; seq_offsets where queries are theirs'], kv_index: ['const int*', '[num_sequences]; any address where layout_flags has no SERRATE_KV_INDEX'], partials: ['float*', 'workspace'],
  captures_i32: ['const int*', 'i32 captures one after another'], captures_f32: ['const float*', 'f32 captures one after another'],
}
const types = { u32: 'unsigned', i32: 'int', f32: 'float' } as const

type About = (name: string, c: NamedCapture | undefined) => string
/** What a launch puts into a field that a capture brings. */
const captureFields: Readonly<Record<string, About>> = {
  scalar: (name) => name,
  base: (name, c) => (c?.kind === 'perToken' ? `first element of ${name} of the queries' rows` : `first element of ${name} in its buffer`),
  baseKv: () => 'and of the keys\' rows; the same in self-attention',
  length: (name, c) => `entries of ${name}${c?.perHead ? ' of one head' : ''}`,
  rows: (name) => `rows of one array of ${name}`,
  columns: (name) => `columns of one array of ${name}`,
  group: (name) => `heads that share an array of ${name}`,
  headStride: (name) => `elements of ${name} of one head`,
}
const aboutParam = ({ source }: ParamField, captures: readonly NamedCapture[]): string => {
  const [kind, name] = source.split(':') as [string, string?]
  if (source === `base:${PAIRS}`) return 'first element in captures_i32 of the num_sequences + 1 running sums of queries * keys'
  return name ? captureFields[kind]!(name, captures.find((c) => c.name === name)) : ''
}

const field = (name: string, type: string, about: string) => ({ name, type, note: about && `  /* ${about} */` })
const structOf = ({ manifest: m }: PlacedKernel) => [
  ...m.buffers.map(({ name }) => field(name, ...pointers[name])),
  ...m.params.map((p) => field(p.name, types[p.type], aboutParam(p, m.captures))),
]

/** C structs and prototypes of a definition's kernels; kernels that take the same fields share a struct. */
export const headerContext = (name: string, kernels: readonly PlacedKernel[]) => {
  const structs = new Map<string, { readonly name: string; readonly fields: ReturnType<typeof structOf> }>()
  const structFor = (kernel: PlacedKernel): string => {
    const fields = structOf(kernel)
    const key = fields.map((f) => f.name).join()
    if (!structs.has(key)) structs.set(key, { name: `serrate_${name}_params${structs.size ? structs.size + 1 : ''}`, fields })
    return structs.get(key)!.name
  }
  const listed = [...new Map(kernels.map((k) => [k.manifest.entryPoints.launcher, k])).values()].map((k) => {
    const { manifest: m } = k
    return {
      file: k.file, dtype: m.dtype, headDim: m.headDim, valueDim: m.valueDim, blockM: m.blockM, gqa: m.gqa, launcher: m.entryPoints.launcher!, struct: structFor(k),
      tilesHeader: 4 * (m.tilesEntries ?? TILES.entries), tilesEntry: 4 * TILES.entryWords, partials: m.split > 1 ? 4 * m.split * m.blockM * (m.valueDim + 2) : 0,
    }
  })
  return { macro: name.toUpperCase(), structs: [...structs.values()], kernels: listed }
}
