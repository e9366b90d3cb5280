import type { NamedCapture } from '../ir/algorithm.ts'
import type { BufferField, BufferName } from '../ir/plan.ts'

const entries: Readonly<Record<BufferName, BufferField['entries']>> = {
  q: ['attention'], k: ['attention'], v: ['attention'], out: ['attention'], lse: ['attention'],
  tiles: ['tiles', 'attention'], seq_offsets: ['tiles'], captures_i32: ['attention'], captures_f32: ['attention'],
}

/** Buffers of a kernel in binding order, from binding 1. */
export const bufferFields = (captures: readonly NamedCapture[], lse: boolean, instrument: boolean): readonly BufferField[] => {
  const packed = (dtype: string) => captures.some((c) => c.dtype === dtype && c.kind !== 'scalar')
  const names: BufferName[] = ['q', 'k', 'v', 'out']
  if (lse) names.push('lse')
  names.push('tiles', 'seq_offsets')
  if (packed('i32')) names.push('captures_i32')
  if (packed('f32')) names.push('captures_f32')
  const written: readonly BufferName[] = instrument ? ['out', 'lse', 'tiles'] : ['out', 'lse']
  return names.map((name, i) => ({ name, binding: i + 1, access: written.includes(name) ? 'read_write' : 'read', entries: entries[name] }))
}
