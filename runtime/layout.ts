import { fail } from '../codegen/ir/diagnostics/index.ts'
import { type AttentionExtent, type AttentionLayout, type SequenceView, sequenceViews } from '../codegen/ir/layout.ts'
import type { KernelManifest } from '../codegen/ir/manifest.ts'
import { type CheckedOffsets, checkOffsets, describe, type SeqOffsets } from './offsets.ts'

/** The part of a launch's inputs that says where sequences lie. */
export interface LayoutInputs {
  /** Rows of packed queries (`self`, `jagged`), rows past the last offset included. Of `dense` and `broadcast`, B · T: may be left out. */
  readonly rows?: number
  /** Rows of k and v. Default: `rows` where queries are `self`, else the last key offset. */
  readonly kvRows?: number
  /** Offsets of the queries; of the keys too where queries are `self`. None for `dense` and `broadcast`. */
  readonly seqOffsets?: SeqOffsets
  /** Offsets of the keys where queries are not `self`. */
  readonly kvOffsets?: SeqOffsets
  /** What this launch changes of the kernel's own layout. A `kvIndex` shares keys without being told so here. */
  readonly layout?: Partial<AttentionLayout>
  /** B of `dense` and `broadcast`; default one for each key sequence, or for each entry of `kvIndex`. */
  readonly sequences?: number
  /** T of `dense` and `broadcast`. */
  readonly queryRows?: number
  /** Sequence of keys that each sequence of queries reads, [B]. */
  readonly kvIndex?: Int32Array
}

/** A launch's sequences, checked. */
export interface Extent extends AttentionExtent {
  readonly views: readonly SequenceView[]
  /** Rows of q: T where broadcast. */
  readonly qRows: number
  /** Rows of out. */
  readonly rows: number
  readonly kvRows: number
  /** Rows of q, and of k and v, that belong to sequences. */
  readonly qEnd: number
  readonly kvEnd: number
  readonly words: 1 | 2
  readonly kvWords: 1 | 2
}

/** Throws SR5022 where `value` is no whole number from 0. */
export const checkCount = (what: string, value: number | undefined): number => {
  if (value === undefined || !Number.isInteger(value) || value < 0 || value > 0x7fffffff) fail('SR5022', { what, value })
  return value!
}

const emptyOffsets: CheckedOffsets = Object.freeze({ sequences: 0, end: 0, words: 1, values: [0] })

const layoutOf = (manifest: KernelManifest, given: LayoutInputs): AttentionLayout => {
  const layout = { ...manifest.layout, ...given.layout }
  return given.kvIndex ? { ...layout, sharedKeys: true } : layout
}

const checkGiven = ({ queries, sharedKeys }: AttentionLayout, x: LayoutInputs): void => {
  const packed = queries === 'self' || queries === 'jagged'
  if (packed && x.seqOffsets === undefined) fail('SR5001', { what: 'seqOffsets', type: 'undefined' })
  if (!packed && x.seqOffsets !== undefined) fail('SR5026', { what: 'seqOffsets', queries, fix: 'Leave it out: queryRows and sequences say where queries lie. Or set layout.queries to jagged.' })
  if (queries === 'self' && x.kvOffsets !== undefined) fail('SR5026', { what: 'kvOffsets', queries, fix: "Leave it out, or set layout: { queries: 'jagged' } for keys with offsets of their own." })
  if (queries !== 'self' && x.kvOffsets === undefined) fail('SR5025', { queries })
  if (packed && x.queryRows) fail('SR5026', { what: 'queryRows', queries, fix: "Leave it out, or set layout: { queries: 'dense' }." })
  if (sharedKeys && x.kvIndex === undefined) fail('SR5027')
}

const checkIndex = (index: Int32Array, sequences: number, keySequences: number): readonly number[] => {
  if (!(index instanceof Int32Array)) fail('SR5028', { type: describe(index) })
  if (index.length !== sequences) fail('SR5029', { got: index.length, sequences })
  for (let b = 0; b < index.length; b++) if (index[b]! < 0 || index[b]! >= keySequences) fail('SR5030', { index: b, value: index[b], keySequences, last: keySequences - 1 })
  return [...index]
}

/** Checks where sequences lie. Throws SR5001 to SR5005, SR5022 and SR5025 to SR5032 naming the argument. */
export const extentOf = (manifest: KernelManifest, x: LayoutInputs): Extent => {
  const layout = layoutOf(manifest, x)
  const { queries } = layout
  checkGiven(layout, x)
  if (manifest.pack && (queries !== 'self' || layout.sharedKeys)) fail('SR5032', { kernel: manifest.kernel, queries: layout.sharedKeys ? 'self with shared keys' : queries })
  const packed = queries === 'self' || queries === 'jagged'
  const queryRows = packed ? 0 : checkCount('queryRows', x.queryRows)
  const own = packed ? checkOffsets(x.seqOffsets!, checkCount('rows', x.rows), manifest.kernel) : emptyOffsets
  const kvRows = queries === 'self' ? checkCount('kvRows', x.kvRows ?? x.rows) : checkCount('kvRows', x.kvRows ?? Number(x.kvOffsets!.at?.(-1) ?? 0))
  if (queries === 'self' && kvRows !== x.rows) fail('SR5026', { what: `kvRows ${kvRows}, other than rows ${x.rows},`, queries, fix: 'Give k and v as many rows as q.' })
  const keys = queries === 'self' ? own : checkOffsets(x.kvOffsets!, kvRows, manifest.kernel, 'kvOffsets')
  const sequences = packed ? own.sequences : checkCount('sequences', x.sequences ?? x.kvIndex?.length ?? keys.sequences)
  const kvIndex = x.kvIndex && checkIndex(x.kvIndex, sequences, keys.sequences)
  if (!kvIndex && keys.sequences !== sequences) fail('SR5031', { sequences, keySequences: keys.sequences })
  const rows = packed ? x.rows! : checkCount('sequences · queryRows', sequences * queryRows)
  if (!packed && x.rows !== undefined && x.rows !== rows) fail('SR5033', { rows: x.rows, sequences, queryRows, want: rows })
  const extent: AttentionExtent = { layout, sequences, seqOffsets: own.values, kvOffsets: keys.values, queryRows, ...(kvIndex && { kvIndex }) }
  const qRows = queries === 'broadcast' ? queryRows : rows
  return Object.freeze({ ...extent, views: sequenceViews(extent), qRows, rows, kvRows, qEnd: packed ? own.end : qRows, kvEnd: keys.end, words: own.words, kvWords: keys.words })
}

/** Bits of the layout_flags param. */
export const layoutFlags = ({ layout, kvIndex }: AttentionExtent): number => (layout.queries === 'broadcast' ? 1 : 0) | (layout.align === 'end' ? 2 : 0) | (kvIndex ? 4 : 0)
