import type { NamedCapture } from '../ir/algorithm.ts'
import type { BufferField, BufferName } from '../ir/plan.ts'
import { isJaggedPair } from './captures.ts'

const entries: Readonly<Record<BufferName, BufferField['entries']>> = {
  q: ['attention'], k: ['attention'], v: ['attention'], out: ['attention'], lse: ['attention'],
  tiles: ['tiles', 'attention'], seq_offsets: ['tiles'], kv_offsets: ['tiles'], kv_index: ['tiles'], partials: ['attention', 'merge'], captures_i32: ['attention'], captures_f32: ['attention'],
}

export interface BufferFacts {
  readonly captures: readonly NamedCapture[]
  readonly lse: boolean
  readonly instrument: boolean
  /** Tiles span sequences: the attention entry reads the offsets itself. */
  readonly pack?: boolean
  /** Keys are split: the attention entry writes partials, the merge entry out and lse. */
  readonly split?: boolean
}

/** Buffers of a kernel in binding order, from binding 1. */
export const bufferFields = ({ captures, lse, instrument, pack, split }: BufferFacts): readonly BufferField[] => {
  const packed = (dtype: string) => captures.some((c) => (c.dtype === dtype && c.kind !== 'scalar') || (dtype === 'i32' && isJaggedPair(c)))
  const names: BufferName[] = ['q', 'k', 'v', 'out']
  if (lse) names.push('lse')
  names.push('tiles', 'seq_offsets', 'kv_offsets', 'kv_index')
  if (split) names.push('partials')
  if (packed('i32')) names.push('captures_i32')
  if (packed('f32')) names.push('captures_f32')
  const written: readonly BufferName[] = ['out', 'lse', 'partials', ...(instrument ? ['tiles' as const] : [])]
  const entriesOf = (name: BufferName): BufferField['entries'] =>
    name === 'seq_offsets' && pack ? ['tiles', 'attention'] : split && (name === 'out' || name === 'lse') ? ['merge'] : split && (name === 'tiles' || name === 'captures_i32' || name === 'captures_f32') ? [...entries[name], 'merge'] : entries[name]
  return names.map((name, i) => ({ name, binding: i + 1, access: written.includes(name) ? 'read_write' : 'read', entries: entriesOf(name) }))
}
