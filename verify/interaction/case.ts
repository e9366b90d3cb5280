import type { Dtype } from '../../codegen/ir/algorithm.ts'
import { batchCount, elementCount, type Interaction, type InteractionExtent, ownerOf, packedRows, rowElements, segmentOf, segmentSums, type TensorSpec, tensorAxes } from '../../codegen/ir/interaction/index.ts'
import type { InteractionData } from '../../reference/interaction/index.ts'
import { decode, encode } from '../../runtime/dtypes.ts'
import { deriveOffsets, type ElementBits, type InteractionInputs } from '../../runtime/interaction/index.ts'
import { offsetsOf, type SeqOffsets } from '../../runtime/offsets.ts'
import { drawLengths, type LengthSetName, lengthSetNames } from '../lengths.ts'
import { type Rng, rngOf } from '../random/rng.ts'
import { drawInteractionCaptures } from './captures.ts'
import { drawKeys } from './keys.ts'

/** What a person chooses of a case; the seed decides the rest. */
export interface InteractionShape {
  readonly dtype: Dtype | 'i32'
  /** Of each dense axis that owns its size and has no index map. */
  readonly sizes: Readonly<Record<string, number>>
  /** By the jagged axis that owns them; drawn where absent. */
  readonly lengths?: Readonly<Record<string, readonly number[]>>
  /** How lengths that are not given are drawn. */
  readonly set?: LengthSetName
  readonly sequences?: number
  readonly maxLength?: number
  /** N of jagged axes in dense tensors; drawn where absent: shorter, longer than the longest sequence, or equal. */
  readonly capacities?: Readonly<Record<string, number>>
}

/** Inputs of one launch, as a device and as the reference take them. */
export interface InteractionCase {
  readonly seed: number
  readonly interaction: Interaction
  readonly shape: InteractionShape
  readonly inputs: InteractionInputs
  readonly data: InteractionData
  readonly extent: InteractionExtent
}

const owners = (x: Interaction, kind: string): readonly string[] => x.axes.filter((a) => a.kind === kind && a.like === a.name).map((a) => a.name)
const numbers = (o: SeqOffsets): readonly number[] => Array.from(o as ArrayLike<number | bigint>, Number)

/** Sequences along every batch axis: those of `b` as asked, others of any number. */
const drawBatches = (x: Interaction, { sequences = 5, lengths = {} }: InteractionShape, rng: Rng): Readonly<Record<string, number>> =>
  Object.fromEntries(owners(x, 'batch').map((name) => {
    const given = x.axes.find((a) => a.kind === 'jagged' && (a.batch ?? 'b') === name && lengths[a.name])
    return [name, given ? lengths[given.name]!.length : name === 'b' ? sequences : rng.int(0, sequences + 2)]
  }))

const drawOffsets = (x: Interaction, shape: InteractionShape, batches: Readonly<Record<string, number>>, rng: Rng): Readonly<Record<string, Int32Array>> => {
  const given = owners(x, 'jagged').filter((name) => !x.axes.find((a) => a.name === name)!.length)
  return Object.fromEntries(given.map((name) => {
    const count = batches[ownerOf(x, x.axes.find((a) => a.name === name)!.batch ?? 'b')] ?? 0
    const set = shape.set ?? rng.pick(lengthSetNames)
    const drawn = drawLengths(set, rng, { sequences: count, maxLength: shape.maxLength ?? 24 })
    const lengths = shape.lengths?.[name] ?? Array.from({ length: count }, (_, b) => drawn[b] ?? 0)
    return [name, offsetsOf(lengths)]
  }))
}

/** Whole numbers of a small range now and then, so that maxima tie. */
const drawFloats = (count: number, rng: Rng): Float64Array => {
  const coarse = rng.chance(0.25)
  const values = new Float64Array(count)
  for (let i = 0; i < count; i++) values[i] = coarse ? rng.int(-3, 3) : rng.normal()
  return values
}

/** Elements of packed rows past the last offset, which nothing may read. */
const unseenFrom = (x: Interaction, e: InteractionExtent, t: TensorSpec): number => {
  const s = segmentOf(x, t)
  return s ? segmentSums(x, e, s).at(-1)! * rowElements(x, e, t) : Infinity
}

const UNSEEN_KEY = 0x7fffffff

const drawTensor = (x: Interaction, e: InteractionExtent, t: TensorSpec, dtype: InteractionShape['dtype'], rng: Rng): ElementBits => {
  const count = elementCount(x, e, t)
  const from = unseenFrom(x, e, t)
  const type = t.dtype === 'element' ? dtype : t.dtype
  if (type === 'i32') {
    const keys = t.dtype === 'i32' ? drawKeys(x, e, t, count, rng) : Int32Array.from({ length: count }, () => rng.int(-1000, 1000))
    return keys.fill(UNSEEN_KEY, Math.min(from, count))
  }
  return encode(type, drawFloats(count, rng).fill(NaN, Math.min(from, count)))
}

/** Draws a case: up to three packed rows past the last offset, offsets of 32 or 64 bits, capacities around the longest sequence. */
export const drawInteractionCase = (seed: number, x: Interaction, shape: InteractionShape): InteractionCase => {
  const stream = (what: string): Rng => rngOf(seed, what, x.name)
  const layout = stream('layout')
  const batches = drawBatches(x, shape, layout)
  const captures = drawInteractionCaptures(x, batches.b ?? 0, stream('captures'), shape.dtype === 'i32')
  const drawn = drawOffsets(x, shape, batches, layout)
  const sizes = { ...shape.sizes, ...Object.fromEntries(owners(x, 'dense').filter((n) => x.axes.find((a) => a.name === n)!.index).map((n) => [n, layout.int(1, 9)])) }
  const longest = (name: string, offsets: Readonly<Record<string, readonly number[]>>): number => (offsets[name] ?? [0]).reduce((m, o, i, all) => (i ? Math.max(m, o - all[i - 1]!) : 0), 0)
  const first = Object.fromEntries(Object.entries(drawn).map(([n, o]) => [n, numbers(o)]))
  const capacities = Object.fromEntries(owners(x, 'jagged').map((n) => { const l = longest(n, first); return [n, shape.capacities?.[n] ?? layout.pick([l, l + 1, Math.max(0, l - 2), Math.ceil(l / 2), l + 5])] }))
  const before: InteractionExtent = { offsets: first, batches, capacities, sizes }
  const keys = Object.fromEntries(distinct(x).filter((t) => t.dtype === 'i32' && tensorAxes(t).every((a) => !x.axes.find((k) => k.name === a)!.length)).map((t) => [t.tensor, drawTensor(x, before, t, shape.dtype, stream(`tensor ${t.tensor}`))]))
  const all = deriveOffsets(x, drawn, { batches, sizes, capacities, captures, tensors: keys })
  const exact: InteractionExtent = { offsets: Object.fromEntries(Object.entries(all).map(([n, o]) => [n, numbers(o)])), batches, capacities, sizes }
  const rows: Record<string, number> = {}
  for (const t of [...x.inputs, x.output]) { const s = segmentOf(x, t); if (s) rows[s.name] ??= packedRows(x, exact, t) + layout.pick([0, 1, 1, 3]) }
  const extent: InteractionExtent = { ...exact, rows }
  const tensors = Object.fromEntries(distinct(x).map((t) => [t.tensor, drawTensor(x, extent, t, shape.dtype, stream(`tensor ${t.tensor}`))]))
  const wide = layout.chance(0.25)
  const offsets = Object.fromEntries(Object.entries(all).map(([n, o]) => [n, wide ? BigInt64Array.from(o as ArrayLike<number>, BigInt) : o]))
  const needed = new Set([...x.inputs, x.output].flatMap((t) => (t.storage === 'dense' ? t.axes : t.axes.slice(1)).flatMap((a) => (a.kind === 'axis' ? [a.name] : [a.row, a.column])).map((n) => ownerOf(x, n))))
  const dynamic = Object.fromEntries(Object.entries(sizes).filter(([n]) => shape.sizes[n] === undefined))
  const inputs: InteractionInputs = { tensors, offsets, batches: Object.fromEntries(Object.keys(batches).map((n) => [n, batchCount(x, extent, n)])), capacities: Object.fromEntries(Object.entries(capacities).filter(([n]) => needed.has(n))), sizes: dynamic, rows, captures }
  const values = Object.fromEntries(distinct(x).map((t) => { const type = t.dtype === 'element' ? shape.dtype : t.dtype; return [t.tensor, type === 'i32' ? (tensors[t.tensor] as Int32Array) : decode(type, tensors[t.tensor] as Uint16Array)] }))
  return Object.freeze({ seed, interaction: x, shape, inputs, extent, data: { tensors: values, offsets: extent.offsets, batches, capacities, sizes, rows, captures: captures as Record<string, number | number[]> } })
}

/** One specification a tensor: of its own name where there is one. */
export const distinct = (x: Interaction): readonly TensorSpec[] => [...new Set(x.inputs.map((t) => t.tensor))].map((name) => x.inputs.find((t) => t.name === name) ?? x.inputs.find((t) => t.tensor === name)!)
