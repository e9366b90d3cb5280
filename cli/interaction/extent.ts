import { batchCount, elementCount, type Interaction, type InteractionExtent, lengthAt, tensorAxes } from '../../codegen/ir/interaction/index.ts'
import { offsetsOf, type SeqOffsets } from '../../runtime/offsets.ts'
import { deriveOffsets } from '../../runtime/interaction/index.ts'
import { drawInteractionCaptures } from '../../verify/interaction/captures.ts'
import { distinct } from '../../verify/interaction/index.ts'
import { drawKeys } from '../../verify/interaction/keys.ts'
import { rngOf } from '../../verify/random/rng.ts'
import { SIZE } from './problem.ts'

export interface Asked {
  readonly seed: number
  /** B where no axis has lengths. */
  readonly sequences?: number
  readonly lengths: Readonly<Record<string, readonly number[]>>
  readonly sizes: Readonly<Record<string, number>>
  readonly capacities: Readonly<Record<string, number>>
}

const numbers = (offsets: SeqOffsets): readonly number[] => Array.from(offsets as ArrayLike<number | bigint>, Number)

/** The numbers of one launch without its tensors. Captures and i32 keys, which lengths may follow from, are drawn from the seed; indexed dense axes have 64 entries. */
export const extentOf = (x: Interaction, { seed, sequences: without = 0, lengths, sizes, capacities }: Asked): InteractionExtent => {
  const owners = (kind: string) => x.axes.filter((a) => a.kind === kind && a.like === a.name)
  const sequences = Object.values(lengths)[0]?.length ?? without
  const batches = Object.fromEntries(owners('batch').map((a) => [a.name, sequences]))
  const allSizes = { ...Object.fromEntries(owners('dense').filter((a) => a.index).map((a) => [a.name, SIZE])), ...sizes }
  const drawn = Object.fromEntries(Object.entries(lengths).map(([axis, list]) => [axis, offsetsOf(list)]))
  const before: InteractionExtent = { offsets: Object.fromEntries(Object.entries(drawn).map(([n, o]) => [n, numbers(o)])), batches, capacities: {}, sizes: allSizes }
  const captures = drawInteractionCaptures(x, sequences, rngOf(seed, 'captures', x.name))
  const early = distinct(x).filter((t) => t.dtype === 'i32' && tensorAxes(t).every((a) => !x.axes.find((k) => k.name === a)!.length))
  const tensors = Object.fromEntries(early.map((t) => [t.tensor, drawKeys(x, before, t, elementCount(x, before, t), rngOf(seed, 'tensor', t.tensor))]))
  const all = deriveOffsets(x, drawn, { batches, sizes: allSizes, captures, tensors })
  const exact: InteractionExtent = { ...before, offsets: Object.fromEntries(Object.entries(all).map(([n, o]) => [n, numbers(o)])) }
  const longest = (axis: string): number => { let most = 0; for (let b = 0; b < batchCount(x, exact, x.axes.find((a) => a.name === axis)!.batch ?? 'b'); b++) most = Math.max(most, lengthAt(x, exact, axis, b)); return most }
  return { ...exact, capacities: { ...Object.fromEntries(owners('jagged').map((a) => [a.name, longest(a.name)])), ...capacities } }
}
