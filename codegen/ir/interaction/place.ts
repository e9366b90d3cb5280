import type { Segment } from './manifest.ts'
import type { Axis, LayoutAxis, TensorSpec } from './types.ts'

/** What an address depends on beside a tensor's layout: an Interaction or a manifest. */
export interface Shape { readonly axes: readonly Pick<Axis, 'name' | 'kind' | 'like' | 'batch'>[] }

/** The numbers of one launch. */
export interface InteractionExtent {
  /** Of each jagged axis that owns its lengths: n + 1 running sums over the sequences of its batch axis. */
  readonly offsets: Readonly<Record<string, readonly number[]>>
  /** Sequences along a batch axis; default: as many as the offsets of an axis counted along it say. */
  readonly batches: Readonly<Record<string, number>>
  /** N of a jagged axis (the owner of its lengths) in dense tensors. */
  readonly capacities: Readonly<Record<string, number>>
  /** Of each dense axis that owns its size. */
  readonly sizes: Readonly<Record<string, number>>
  /** Packed rows of a segment that the tensors hold; default: those of its sequences. */
  readonly rows?: Readonly<Record<string, number>>
}

const axis = (x: Shape, name: string) => x.axes.find((a) => a.name === name)!
/** The axis that owns the lengths or the size of this one. */
export const ownerOf = (x: Shape, name: string): string => axis(x, name).like

/** A dense axis with an entry a sequence: that of a tensor by sequences, reread from another one. */
export const countsSequences = (x: Shape, name: string): boolean => axis(x, name).kind === 'dense' && x.axes.some((a) => a.name === ownerOf(x, name) && a.kind === 'batch')

const offsetsOf = (x: Shape, e: InteractionExtent, name: string): readonly number[] => e.offsets[ownerOf(x, name)] ?? [0]

/** Sequences along a batch axis. */
export const batchCount = (x: Shape, e: InteractionExtent, batch: string): number => {
  const given = e.batches[ownerOf(x, batch)] ?? e.batches[batch]
  if (given !== undefined) return given
  const counted = x.axes.find((a) => a.kind === 'jagged' && a.like === a.name && a.batch !== undefined && ownerOf(x, a.batch) === ownerOf(x, batch) && e.offsets[a.name])
  return counted ? e.offsets[counted.name]!.length - 1 : 0
}

/** Length of sequence b along a jagged axis; 0 where there is no such sequence. */
export const lengthAt = (x: Shape, e: InteractionExtent, jagged: string, b: number): number => {
  const offsets = offsetsOf(x, e, jagged)
  return b >= 0 && b + 1 < offsets.length ? offsets[b + 1]! - offsets[b]! : 0
}

export const capacityOf = (x: Shape, e: InteractionExtent, jagged: string): number => e.capacities[ownerOf(x, jagged)] ?? 0
/** Of a dense axis its size, of a jagged one the places it has in dense tensors: what `size:` is in an expression. */
export const sizeOf = (x: Shape, e: InteractionExtent, name: string): number =>
  axis(x, name).kind === 'jagged' ? capacityOf(x, e, name) : axis(x, name).kind === 'batch' || countsSequences(x, name) ? batchCount(x, e, ownerOf(x, name)) : (e.sizes[ownerOf(x, name)] ?? 0)

/** `l`, `outer_i_j`, `lower_i_j`: by the owners of the lengths. */
const segmentName = (kind: Segment['kind'], row: string, column: string): string => (kind === 'axis' ? row : `${kind}_${row}_${column}`)

/** How the packed rows of a jagged tensor are counted; null for a dense tensor. */
export const segmentOf = (x: Shape, t: TensorSpec): Segment | null => {
  if (t.storage === 'dense') return null
  const first = t.axes[0]!
  const [row, column] = first.kind === 'axis' ? [ownerOf(x, first.name), ownerOf(x, first.name)] : [ownerOf(x, first.row), ownerOf(x, first.column)]
  return { name: segmentName(first.kind, row, column), kind: first.kind, row, column, batch: t.batch! }
}

const rowsOfSequence = { axis: (l: number) => l, outer: (l: number, m: number) => l * m, lower: (l: number) => (l * (l - 1)) / 2 } as const

/** first[b] of a segment, and all its rows last: n + 1 numbers. */
export const segmentSums = (x: Shape, e: InteractionExtent, s: Segment): readonly number[] => {
  const sums = [0]
  const n = batchCount(x, e, s.batch)
  for (let b = 0; b < n; b++) sums.push(sums[b]! + rowsOfSequence[s.kind](lengthAt(x, e, s.row, b), lengthAt(x, e, s.column, b)))
  return sums
}

/** Elements along one axis of a dense tensor, or of a jagged one's tail: N, sequences or the size. */
export const extentOf = (x: Shape, e: InteractionExtent, name: string): number => {
  const { kind } = axis(x, name)
  return kind === 'jagged' ? capacityOf(x, e, name) : kind === 'batch' ? batchCount(x, e, name) : sizeOf(x, e, name)
}
const layoutExtent = (x: Shape, e: InteractionExtent, a: LayoutAxis): number =>
  a.kind === 'axis' ? extentOf(x, e, a.name) : rowsOfSequence[a.kind](extentOf(x, e, a.row), extentOf(x, e, a.column))

/** Packed rows that a jagged tensor holds, past the last offset included. */
export const packedRows = (x: Shape, e: InteractionExtent, t: TensorSpec): number => {
  const s = segmentOf(x, t)!
  return e.rows?.[s.name] ?? segmentSums(x, e, s).at(-1)!
}

/** Elements of one packed row: the product of the sizes after a jagged tensor's first axis. */
export const rowElements = (x: Shape, e: InteractionExtent, t: TensorSpec): number => t.axes.slice(1).reduce((n, a) => n * layoutExtent(x, e, a), 1)

/** Elements of a tensor's array. */
export const elementCount = (x: Shape, e: InteractionExtent, t: TensorSpec): number =>
  t.storage === 'jagged' ? packedRows(x, e, t) * rowElements(x, e, t) : (t.batch === null ? 1 : batchCount(x, e, t.batch) + (t.ends ? 1 : 0)) * t.axes.reduce((n, a) => n * layoutExtent(x, e, a), 1)

/** Coordinates in the order of `tensorAxes`, batch first; -1: outside of the tensor, the read gives its fill. */
export type Place = (at: ArrayLike<number>) => number

/** Where a layout axis' coordinates, from slot `i` on, lie among `rows` by `columns` places; -1 outside. */
const pairPlace = { outer: (i: number, j: number, _rows: number, columns: number) => i * columns + j, lower: (i: number, j: number) => (j < i ? (i * (i - 1)) / 2 + j : -1) } as const

/** The address of a tensor's elements in one launch. */
export const placeOf = (x: Shape, e: InteractionExtent, t: TensorSpec): Place => {
  const segment = segmentOf(x, t)
  const dense = (segment ? t.axes.slice(1) : t.axes).map((a) => ({ a, n: layoutExtent(x, e, a), ...(a.kind === 'axis' ? { rows: 0, columns: 0 } : { rows: extentOf(x, e, a.row), columns: extentOf(x, e, a.column) }) }))
  const counts = dense.map((d) => d.n)
  const axesTail = (from: number, slot: number, at: ArrayLike<number>): number => {
    let place = from
    for (let i = 0; i < counts.length; i++) {
      const c = at[slot + i]!
      const n = counts[i]!
      if (c < 0 || c >= n) return -1
      place = place * n + c
    }
    return place
  }
  const pairsTail = (from: number, slot: number, at: ArrayLike<number>): number => {
    let place = from
    let i = slot
    for (const { a, n, rows, columns } of dense) {
      const c = at[i++]!
      if (a.kind === 'axis') {
        if (c < 0 || c >= n) return -1
        place = place * n + c
        continue
      }
      const d = at[i++]!
      if (c < 0 || c >= rows || d < 0 || d >= columns) return -1
      const inside = pairPlace[a.kind](c, d, rows, columns)
      if (inside < 0) return -1
      place = place * n + inside
    }
    return place
  }
  const tail = dense.every((d) => d.a.kind === 'axis') ? axesTail : pairsTail
  if (!segment) {
    if (t.batch === null) return (at) => tail(0, 0, at)
    const n = batchCount(x, e, t.batch)
    const lead = t.ends ? 1 : 0
    return (at) => (at[0]! < 0 || at[0]! >= n ? -1 : tail(at[0]! + lead, 1, at))
  }
  const first = segmentSums(x, e, segment)
  const n = first.length - 1
  const rows = offsetsOf(x, e, segment.row)
  const columns = offsetsOf(x, e, segment.column)
  if (segment.kind === 'axis') {
    return (at) => {
      const b = at[0]!
      const l = at[1]!
      return b < 0 || b >= n || l < 0 || l >= rows[b + 1]! - rows[b]! ? -1 : tail(first[b]! + l, 2, at)
    }
  }
  const { kind } = segment
  return (at) => {
    const b = at[0]!
    const i = at[1]!
    const j = at[2]!
    if (b < 0 || b >= n || i < 0 || i >= rows[b + 1]! - rows[b]!) return -1
    const m = columns[b + 1]! - columns[b]!
    if (j < 0 || j >= m) return -1
    const inside = pairPlace[kind](i, j, 0, m)
    return inside < 0 ? -1 : tail(first[b]! + inside, 3, at)
  }
}
