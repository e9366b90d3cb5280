import type { NamedCapture } from './algorithm.ts'
import type { BufferName, ParamField } from './plan.ts'

/** Kernel text uses snake_case for the author's camelCase names. */
export const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()

/** Launch parameters that every kernel has, in layout order. */
export const commonParams: readonly ParamField[] = [
  { name: 'num_sequences', type: 'u32', source: 'sequences' },
  { name: 'num_heads', type: 'u32', source: 'heads' },
  { name: 'head_group', type: 'u32', source: 'headGroup' },
  { name: 'num_rows', type: 'u32', source: 'rows' },
  { name: 'kv_rows', type: 'u32', source: 'kvRows' },
  { name: 'max_tiles', type: 'u32', source: 'maxTiles' },
  { name: 'offset_words', type: 'u32', source: 'offsetWords' },
  { name: 'kv_offset_words', type: 'u32', source: 'kvOffsetWords' },
  { name: 'query_rows', type: 'u32', source: 'queryRows' },
  { name: 'layout_flags', type: 'u32', source: 'layoutFlags' },
  ...(['q', 'k', 'v', 'out', 'lse'] as const).flatMap((tensor): ParamField[] => [
    { name: `${tensor}_row_stride`, type: 'u32', source: `${tensor}RowStride` },
    { name: `${tensor}_head_stride`, type: 'u32', source: `${tensor}HeadStride` },
  ]),
  { name: 'sm_scale', type: 'f32', source: 'smScale' },
]

export const bufferNames = ['q', 'k', 'v', 'out', 'lse', 'tiles', 'seq_offsets', 'kv_offsets', 'kv_index', 'partials', 'captures_i32', 'captures_f32'] as const satisfies readonly BufferName[]

/** Fields of the `seq` that a printed function receives, beside captures. */
export const seqNames: readonly string[] = ['q_len', 'kv_len', 'row0', 'q_row0', 'kv_row0', 'position0']

/** The hidden i32 array beside jagged pair captures: B + 1 exclusive sums of qLen · kvLen. */
export const PAIRS = 'pairs'
export const isJaggedPair = (c: Pick<NamedCapture, 'kind' | 'layout'>): boolean => c.kind === 'pair' && c.layout === 'jagged'

type ArrayParam = 'baseKv' | 'length' | 'rows' | 'columns' | 'group' | 'headStride'
/** What a kernel must know of an array beside where it starts. */
const arrayParams: Readonly<Partial<Record<NamedCapture['kind'], (c: NamedCapture) => readonly ArrayParam[]>>> = {
  table: () => ['length'],
  perToken: () => ['baseKv'],
  pair: (c) => (isJaggedPair(c) ? ['group', 'headStride'] : ['group', 'rows', 'columns']),
}

/** Launch parameters of one capture. */
export const captureParams = (c: NamedCapture): readonly ParamField[] =>
  c.kind === 'scalar'
    ? [{ name: snake(c.name), type: c.dtype, source: `scalar:${c.name}` }]
    : [
        { name: `base_${snake(c.name)}`, type: 'u32', source: `base:${c.name}` },
        ...(arrayParams[c.kind]?.(c) ?? []).map((what): ParamField => ({ name: `${snake(what)}_${snake(c.name)}`, type: 'u32', source: `${what}:${c.name}` })),
      ]

/** Device functions that read one capture. Only these end in `_at`: no template defines another. */
export const captureFunctions = (c: Pick<NamedCapture, 'name' | 'kind'>): readonly string[] =>
  c.kind === 'perToken' ? [`${snake(c.name)}_q_at`, `${snake(c.name)}_kv_at`] : c.kind === 'table' || c.kind === 'pair' ? [`${snake(c.name)}_at`] : []

/** Names of kernel text that a capture brings: its own, its parameters' and its functions'. */
export const captureNames = (c: NamedCapture): readonly string[] => [...new Set([snake(c.name), ...captureParams(c).map((p) => p.name), ...captureFunctions(c)])]

/** Names of kernel text that every launch has. */
export const launchNames: ReadonlySet<string> = new Set([...commonParams.map((p) => p.name), ...bufferNames, ...seqNames, `base_${PAIRS}`])
