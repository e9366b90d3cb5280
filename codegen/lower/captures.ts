import type { NamedCapture } from '../ir/algorithm.ts'
import { fail } from '../ir/diagnostics/index.ts'
import type { ParamField, SeqField } from '../ir/plan.ts'
import type { TargetName } from '../ir/schedule.ts'
import { snake } from './names.ts'

const common: readonly ParamField[] = [
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

/** The hidden i32 array beside jagged pair captures: B + 1 exclusive sums of qLen · kvLen. */
export const PAIRS = 'pairs'
export const isJaggedPair = (c: NamedCapture): boolean => c.kind === 'pair' && c.layout === 'jagged'

type ArrayParam = 'baseKv' | 'length' | 'rows' | 'columns' | 'group' | 'headStride'
/** What a kernel must know of an array beside where it starts. */
const arrayParams: Readonly<Partial<Record<NamedCapture['kind'], (c: NamedCapture) => readonly ArrayParam[]>>> = {
  table: () => ['length'],
  perToken: () => ['baseKv'],
  pair: (c) => (isJaggedPair(c) ? ['group', 'headStride'] : ['group', 'rows', 'columns']),
}

/** The smScale capture is the common `sm_scale` field; hooks never read it. */
const isSmScale = (c: NamedCapture, smScale: string | undefined): boolean => c.name === smScale

/** Launch parameters in layout order: the common ones, scalars by name, then where each packed capture starts and how long each table is. */
export const paramFields = (captures: readonly NamedCapture[], smScale: string | undefined): readonly ParamField[] => [
  ...common,
  ...captures.filter((c) => c.kind === 'scalar' && !isSmScale(c, smScale)).map((c): ParamField => ({ name: snake(c.name), type: c.dtype, source: `scalar:${c.name}` })),
  ...captures.filter((c) => c.kind !== 'scalar').flatMap((c): ParamField[] => [
    { name: `base_${snake(c.name)}`, type: 'u32', source: `base:${c.name}` },
    ...(arrayParams[c.kind]?.(c) ?? []).map((what): ParamField => ({ name: `${snake(what)}_${snake(c.name)}`, type: 'u32', source: `${what}:${c.name}` })),
  ]),
  ...(captures.some(isJaggedPair) ? [{ name: `base_${PAIRS}`, type: 'u32', source: `base:${PAIRS}` } as const] : []),
]

type Load = (c: NamedCapture) => string
const loads: Readonly<Record<TargetName, Readonly<Record<'scalar' | 'perHead' | 'perSequence', Load>>>> = {
  wgsl: {
    scalar: (c) => `params.${snake(c.name)}`,
    perHead: (c) => `captures_${c.dtype}[params.base_${snake(c.name)} + u32(h)]`,
    perSequence: (c) => `captures_${c.dtype}[params.base_${snake(c.name)} + u32(b)]`,
  },
  cuda: {
    scalar: (c) => `params.${snake(c.name)}`,
    perHead: (c) => `params.captures_${c.dtype}[params.base_${snake(c.name)} + h]`,
    perSequence: (c) => `params.captures_${c.dtype}[params.base_${snake(c.name)} + b]`,
  },
}

/** Fields of the hooks' `seq`: captures that are one number for a sequence and head, loaded once a query tile. */
export const seqFields = (captures: readonly NamedCapture[], target: TargetName, smScale: string | undefined): readonly SeqField[] =>
  captures.flatMap((c) => {
    if (c.kind === 'perToken' || c.kind === 'table' || c.kind === 'pair' || isSmScale(c, smScale)) return []
    return [{ name: snake(c.name), type: c.dtype, load: loads[target][c.kind](c) }]
  })

/** Two captures may not become one name in the kernel. */
export const checkNames = (captures: readonly NamedCapture[]): void => {
  const seen = new Map<string, string>()
  for (const c of captures) {
    const name = snake(c.name)
    if (seen.has(name)) fail('SR3005', { first: seen.get(name), second: c.name, name })
    seen.set(name, c.name)
  }
}
