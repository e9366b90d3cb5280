import type { Algorithm, Dtype } from '../codegen/ir/algorithm.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import { type AttentionExtent, type AttentionLayout, type SequenceView, sequenceViews } from '../codegen/ir/layout.ts'
import type { AttentionInputs } from '../runtime/attention.ts'
import { decode, encode, type TensorBits } from '../runtime/dtypes.ts'
import { offsetsOf } from '../runtime/offsets.ts'
import { drawCaptures } from './captures.ts'
import { placeBits, type Placement, viewOf } from './place.ts'
import { type Rng, rngOf } from './random/rng.ts'
import { drawValues, queryScale, type Style, styleFor, valueScale } from './values.ts'

/** What a person chooses of a case; the seed decides the rest. */
export interface CaseShape {
  /** Of packed queries; of `dense` and `broadcast`, one entry a sequence, and its keys' length unless kvLengths says otherwise. */
  readonly lengths: readonly number[]
  readonly heads: number
  readonly headDim: number
  readonly dtype: Dtype
  /** Replaces parts of the definition's own layout. */
  readonly layout?: Partial<AttentionLayout>
  /** Lengths of the keys; default `lengths`. Shared keys may have any number of them. */
  readonly kvLengths?: readonly number[]
  /** T of `dense` and `broadcast`; default 4. */
  readonly queryRows?: number
  readonly kvHeads?: number
  readonly valueDim?: number
  /** Default packed. */
  readonly placement?: Placement
}

type Tensors<T> = { readonly q: T; readonly k: T; readonly v: T }

/** One set of inputs for one algorithm: the same seed and shape give the same case. */
export interface AttentionCase extends CaseShape {
  readonly seed: number
  readonly algorithm: Algorithm
  readonly style: Style
  readonly kvHeads: number
  readonly valueDim: number
  /** Rows of out. Packed queries and keys have up to 3 rows more than the lengths' sum, those all NaN. */
  readonly rows: number
  /** Offsets of the queries in out's rows. */
  readonly offsets: readonly number[]
  readonly extent: AttentionExtent
  readonly views: readonly SequenceView[]
  /** What a launch takes. */
  readonly inputs: AttentionInputs
  /** Packed q, k and v, and their exact values. */
  readonly bits: Tensors<TensorBits>
  readonly values: Tensors<Float64Array>
}

const checkShape = (algorithm: Algorithm, { heads, headDim, kvHeads = heads, valueDim = headDim, queryRows = 0 }: CaseShape): void => {
  for (const [what, value] of Object.entries({ heads, headDim, kvHeads, valueDim, queryRows })) {
    if (!Number.isInteger(value) || value < 0) fail('SR6005', { definition: algorithm.name, what: `a whole number of ${what} from 0`, value, want: `${what} as a whole number` })
  }
  if (heads > 0 && (kvHeads === 0 || heads % kvHeads)) fail('SR5038', { heads, kvHeads })
}

const wide = (offsets: Int32Array): BigInt64Array => BigInt64Array.from(offsets, BigInt)

/** NaN in every row that belongs to no sequence: a kernel that reads one shows it. */
const poisonPast = (values: Float64Array, from: number): Float64Array => values.fill(NaN, from)

/** Where packed tensors lie in the arrays of a launch. */
const placed = (c: Pick<AttentionCase, 'heads' | 'kvHeads' | 'headDim' | 'valueDim' | 'dtype' | 'rows'>, placement: Placement, bits: Tensors<TensorBits>, rows: Tensors<number>): Pick<AttentionInputs, 'q' | 'k' | 'v' | 'strides'> => {
  const { heads, kvHeads, headDim, valueDim, dtype } = c
  const shapes = { q: [rows.q, heads, headDim], k: [rows.k, kvHeads, headDim], v: [rows.v, kvHeads, valueDim], out: [c.rows, heads, valueDim], lse: [c.rows, heads, 1] } as const
  if (placement === 'packed') return bits
  const put = (name: 'q' | 'k' | 'v') => placeBits(bits[name], dtype, placement, ...(shapes[name] as readonly [number, number, number]))
  const strides = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, viewOf(placement, ...(shape as readonly [number, number, number]))]))
  return { q: put('q'), k: put('k'), v: put('v'), strides }
}

/** The inputs of a case with other tensors or captures, in the same places. */
export const withTensors = (c: AttentionCase, bits: Tensors<TensorBits>, captures: AttentionInputs['captures']): AttentionInputs => {
  const { heads, kvHeads, headDim, valueDim } = c
  const rowsOf = (length: number, of: number, dim: number): number => (of * dim ? length / (of * dim) : 0)
  const rows = { q: rowsOf(bits.q.length, heads, headDim), k: rowsOf(bits.k.length, kvHeads, headDim), v: rowsOf(bits.v.length, kvHeads, valueDim) }
  return { ...c.inputs, ...placed(c, c.placement ?? 'packed', bits, rows), ...(captures && { captures }) }
}

/** Where the sequences of a shape lie; which keys they share is drawn from the seed. */
export const drawExtent = (seed: number, algorithm: Algorithm, { lengths, kvLengths = lengths, queryRows = 4, ...shape }: Pick<CaseShape, 'lengths' | 'kvLengths' | 'queryRows' | 'layout'>): AttentionExtent => {
  const layout: AttentionLayout = { ...algorithm.layout, ...shape.layout }
  const packed = layout.queries === 'self' || layout.queries === 'jagged'
  const rows = packed ? 0 : queryRows
  const seqOffsets = offsetsOf(packed ? lengths : lengths.map(() => rows))
  const kvOffsets = layout.queries === 'self' ? seqOffsets : offsetsOf(kvLengths)
  const keySequences = kvOffsets.length - 1
  const index = rngOf(seed, 'keys', algorithm.name)
  const kvIndex = layout.sharedKeys && keySequences > 0 ? lengths.map(() => index.int(0, keySequences - 1)) : undefined
  return { layout: { ...layout, sharedKeys: kvIndex !== undefined }, sequences: lengths.length, seqOffsets: [...seqOffsets], kvOffsets: [...kvOffsets], queryRows: rows, ...(kvIndex && { kvIndex }) }
}

/** Draws a case. Throws SR5006 for a length, SR6005 for heads or a dim, that is not a whole number from 0, SR5038 for key heads that do not divide. */
export const drawCase = (seed: number, algorithm: Algorithm, shape: CaseShape): AttentionCase => {
  checkShape(algorithm, shape)
  const { lengths, heads, headDim, dtype, kvHeads = heads, valueDim = headDim } = shape
  const stream = (what: string): Rng => rngOf(seed, what, algorithm.name)
  const draws = stream('layout')
  const extent = drawExtent(seed, algorithm, shape)
  const { layout, queryRows, kvIndex } = extent
  const packed = layout.queries === 'self' || layout.queries === 'jagged'
  const seqOffsets = Int32Array.from(extent.seqOffsets)
  const kvOffsets = Int32Array.from(extent.kvOffsets)
  const [end, kvEnd] = [seqOffsets.at(-1)!, kvOffsets.at(-1)!]
  const past = draws.pick([0, 1, 1, 3])
  const style = styleFor(algorithm, draws)
  const i64 = draws.chance(0.25)
  const views = sequenceViews(extent)

  const rows = end + (packed ? past : 0)
  const qRows = layout.queries === 'broadcast' ? queryRows : rows
  const kvRows = kvEnd + past
  const tensors = {
    q: drawValues(style, 'q', qRows * heads * headDim, headDim, stream('q')),
    k: drawValues(style, 'k', kvRows * kvHeads * headDim, headDim, stream('k')),
    v: drawValues('values', 'v', kvRows * kvHeads * valueDim, headDim, stream('v')),
  }
  const scales = { q: queryScale(algorithm, headDim, dtype), v: valueScale(algorithm) }
  for (const name of ['q', 'v'] as const) for (let i = 0; i < tensors[name].length; i++) tensors[name][i]! *= scales[name]
  const bits = {
    q: encode(dtype, packed ? poisonPast(tensors.q, end * heads * headDim) : tensors.q),
    k: encode(dtype, poisonPast(tensors.k, kvEnd * kvHeads * headDim)),
    v: encode(dtype, poisonPast(tensors.v, kvEnd * kvHeads * valueDim)),
  }
  const qSize = { rows: qRows, end: packed ? end : qRows }
  const sizes = { heads, sequences: lengths.length, ...qSize, views, longest: Math.max(0, ...views.map((x) => x.kvLen)), ...(layout.queries !== 'self' && { kv: { rows: kvRows, end: kvEnd } }) }
  const captures = drawCaptures(algorithm.captures, sizes, stream('capture'))
  const offsets = (list: Int32Array) => (i64 ? wide(list) : list)
  const inputs: AttentionInputs = {
    ...placed({ heads, kvHeads, headDim, valueDim, dtype, rows }, shape.placement ?? 'packed', bits, { q: qRows, k: kvRows, v: kvRows }),
    heads, kvHeads, layout: extent.layout, rows, captures,
    ...(packed ? { seqOffsets: offsets(seqOffsets) } : { queryRows, sequences: lengths.length }),
    ...(layout.queries !== 'self' && { kvOffsets: offsets(kvOffsets), kvRows }),
    ...(kvIndex && { kvIndex: Int32Array.from(kvIndex) }),
  }
  return Object.freeze({
    ...shape, seed, algorithm, style, kvHeads, valueDim, rows, offsets: [...seqOffsets], extent, views, inputs, bits,
    values: { q: decode(dtype, bits.q), k: decode(dtype, bits.k), v: decode(dtype, bits.v) },
  })
}
