import type { NamedCapture } from '../../ir/algorithm.ts'
import type { InteractionBuffer, InteractionField } from '../../ir/interaction/index.ts'
import type { Lowering } from './context.ts'
import { captured, offsets, param, tensor } from './names.ts'

const fieldNames: Readonly<Record<string, (name: string) => string>> = {
  batch: param.batch, rows: param.rows, capacity: param.capacity, size: param.size, offsetWords: param.offsetWords, base: param.base, length: param.length,
  scalar: captured, scalarBits: captured,
}

const fieldOf = (l: Lowering, source: string): InteractionField => {
  const [kind, name] = source.split(':') as [string, string?]
  const c = name === undefined ? undefined : l.x.captures.find((k) => k.name === name)
  return { name: name === undefined ? kind : fieldNames[kind]!(name), type: kind === 'scalar' ? c!.dtype : 'u32', source: source as InteractionField['source'] }
}

const order = ['elements', 'parts', 'batch', 'rows', 'capacity', 'size', 'offsetWords', 'scalar', 'scalarBits', 'base', 'length']

/** Launch parameters that the kernel's text names, in an order that depends on their names alone. */
export const fields = (l: Lowering): readonly InteractionField[] =>
  [...l.sources].sort((a, b) => order.indexOf(a.split(':')[0]!) - order.indexOf(b.split(':')[0]!) || (a < b ? -1 : 1)).map((s) => fieldOf(l, s))

const usedCaptures = (l: Lowering): readonly NamedCapture[] => l.x.captures.filter((c) => l.sources.has(`base:${c.name}`))

/** Storage buffers in binding order, from binding 1: inputs, `t_out`, offsets, captures, then those that the template adds. */
export const buffers = (l: Lowering, entries: readonly string[], extra: readonly Omit<InteractionBuffer, 'binding'>[] = []): readonly InteractionBuffer[] => {
  const tensors = [...new Set(l.x.inputs.map((t) => t.tensor))].filter((t) => l.tensors.has(t))
  const segments = [...l.sources].filter((s) => s.startsWith('offsetWords:')).map((s) => s.slice(12)).sort()
  const read = (name: string): Omit<InteractionBuffer, 'binding'> => ({ name, access: 'read', entries })
  return [
    ...tensors.map((t) => read(tensor(t))),
    { name: tensor('out'), access: 'read_write' as const, entries },
    ...segments.map((s) => read(offsets(s))),
    ...(['i32', 'f32'] as const).filter((d) => usedCaptures(l).some((c) => c.dtype === d)).map((d) => read(`captures_${d}`)),
    ...extra,
  ].map((b, i) => ({ ...b, binding: i + 1 }))
}
