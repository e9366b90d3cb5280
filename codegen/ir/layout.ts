/**
 * Where the queries of sequence b lie. `self`: with the keys, same offsets. `jagged`: packed rows with offsets of their own. `dense`: T rows a
 * sequence, [B, T, heads, headDim]. `broadcast`: the same T rows [T, heads, headDim] for every sequence; out is [B, T, heads, valueDim].
 */
export type QueryLayout = 'self' | 'jagged' | 'dense' | 'broadcast'

/**
 * `start`: query row i has position i. `end`: the last query row has the position of the last key (bottom-right causal; HSTU's delta-q), so row i
 * has position i + kvLen - qLen; rows that fall before position 0 keep no key: out 0, lse -inf, and no hook sees them.
 */
export type QueryAlign = 'start' | 'end'

/** A layout is data of a launch: no kernel text depends on it. */
export interface AttentionLayout {
  readonly queries: QueryLayout
  readonly align: QueryAlign
  /** Many sequences may share the keys of one: sequence b reads the keys of sequence `kvIndex[b]`. */
  readonly sharedKeys: boolean
}

export const selfLayout: AttentionLayout = Object.freeze({ queries: 'self', align: 'start', sharedKeys: false })

/** The numbers of one launch, checked before. */
export interface AttentionExtent {
  readonly layout: AttentionLayout
  /** B: sequences of queries. */
  readonly sequences: number
  /** Offsets of the queries in rows, B + 1 numbers; for `dense` and `broadcast` unused. */
  readonly seqOffsets: readonly number[]
  /** Offsets of the keys in rows; for `self` the same as seqOffsets. One more than the key sequences (B unless keys are shared). */
  readonly kvOffsets: readonly number[]
  /** T of `dense` and `broadcast`, else 0. */
  readonly queryRows: number
  /** [B], where keys are shared. */
  readonly kvIndex?: readonly number[]
}

/** One sequence of a launch. Rows count in packed rows of q, of out (and lse), and of k and v. */
export interface SequenceView {
  readonly b: number
  readonly qRow0: number
  readonly outRow0: number
  readonly qLen: number
  readonly kvRow0: number
  readonly kvLen: number
  /** Position of query row 0: a hook sees q = row + position0. */
  readonly position0: number
  /** Leading query rows that have no position. */
  readonly dropped: number
}

/** Sequence b as kernel, reference and tile analysis see it. */
export const sequenceView = (x: AttentionExtent, b: number): SequenceView => {
  const { queries, align } = x.layout
  const packed = queries === 'self' || queries === 'jagged'
  const outRow0 = packed ? x.seqOffsets[b]! : b * x.queryRows
  const qLen = packed ? x.seqOffsets[b + 1]! - x.seqOffsets[b]! : x.queryRows
  const keys = x.kvIndex ? x.kvIndex[b]! : b
  const kvRow0 = x.kvOffsets[keys]!
  const kvLen = x.kvOffsets[keys + 1]! - kvRow0
  const position0 = align === 'end' ? kvLen - qLen : 0
  return { b, qRow0: queries === 'broadcast' ? 0 : outRow0, outRow0, qLen, kvRow0, kvLen, position0, dropped: Math.min(qLen, Math.max(0, -position0)) }
}

export const sequenceViews = (x: AttentionExtent): readonly SequenceView[] => Array.from({ length: x.sequences }, (_, b) => sequenceView(x, b))

/** A batch of self-attention. */
export const selfExtent = (seqOffsets: readonly number[]): AttentionExtent =>
  ({ layout: selfLayout, sequences: Math.max(0, seqOffsets.length - 1), seqOffsets, kvOffsets: seqOffsets, queryRows: 0 })

/** Elements from one row to the next and from one head to the next; the head dim is always contiguous. */
export interface Strides {
  readonly row: number
  readonly head: number
}

/** [rows, heads, dim], packed. */
export const rowMajor = (heads: number, dim: number): Strides => ({ row: heads * dim, head: dim })
/** [heads, rows, dim], packed. */
export const headMajor = (rows: number, dim: number): Strides => ({ row: dim, head: rows * dim })
