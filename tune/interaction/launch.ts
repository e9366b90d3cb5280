import { batchCount, elementCount, type Interaction, type InteractionExtent, type InteractionProblem, lengthAt, tensorAxes, type TensorSpec } from '../../codegen/ir/interaction/index.ts'
import { encode } from '../../runtime/dtypes.ts'
import { deriveOffsets, type ElementBits, type InteractionInputs } from '../../runtime/interaction/index.ts'
import { offsetsOf, type SeqOffsets } from '../../runtime/offsets.ts'
import { drawInteractionCaptures } from '../../verify/interaction/captures.ts'
import { drawKeys } from '../../verify/interaction/keys.ts'
import { rngOf } from '../../verify/random/rng.ts'

/** What a launch for timing is made of. */
export interface TimingLaunch {
  readonly dtype: InteractionProblem['dtype']
  readonly seed: number
  /** By jagged axis whose lengths do not follow from others. */
  readonly lengths: Readonly<Record<string, readonly number[]>>
  /** B, where no axis is jagged. */
  readonly sequences: number
  /** Of every dense axis, those with an index map among them. */
  readonly sizes: Readonly<Record<string, number>>
  /** Default: the longest sequence. */
  readonly capacities?: Readonly<Record<string, number>>
}

/** Values are drawn once for this many elements, then repeated. */
const PERIOD = 65_521

const repeated = <T extends ElementBits>(count: number, make: (n: number) => T): T => {
  const period = make(Math.min(PERIOD, count))
  if (period.length === count) return period
  const all = new (period.constructor as new (n: number) => T)(count)
  for (let at = 0; at < count; at += PERIOD) all.set(period.subarray(0, Math.min(PERIOD, count - at)) as never, at)
  return all
}

const tensorFor = (x: Interaction, e: InteractionExtent, t: TensorSpec, { dtype, seed }: TimingLaunch): ElementBits => {
  const rng = rngOf(seed, 'tensor', t.tensor)
  const count = elementCount(x, e, t)
  const type = t.dtype === 'element' ? dtype : t.dtype
  if (t.dtype === 'i32') return drawKeys(x, e, t, count, rng)
  return type === 'i32' ? repeated(count, (n) => Int32Array.from({ length: n }, () => rng.int(-1000, 1000))) : repeated(count, (n) => encode(type, Float64Array.from({ length: n }, rng.normal)))
}

const numbers = (offsets: Readonly<Record<string, SeqOffsets>>): InteractionExtent['offsets'] => Object.fromEntries(Object.entries(offsets).map(([name, o]) => [name, Array.from(o as ArrayLike<number | bigint>, Number)]))

/** Scalars stand at their default or, where they have to be given, at the upper end of their range; the rest is drawn. */
const capturesFor = (x: Interaction, sequences: number, seed: number): NonNullable<InteractionInputs['captures']> => ({
  ...drawInteractionCaptures(x, sequences, rngOf(seed, 'captures', x.name)),
  ...Object.fromEntries(x.captures.filter((c) => c.kind === 'scalar').map((c) => [c.name, c.default ?? c.range?.[1] ?? 1])),
})

/** Inputs of one launch for timing: unit normal tensors, keys inside of what they select, packed rows up to the last offset. `given`: the tensors to make. */
export const timingLaunch = (x: Interaction, given: readonly TensorSpec[], launch: TimingLaunch): { readonly inputs: InteractionInputs; readonly extent: InteractionExtent } => {
  const owners = (kind: string): readonly string[] => x.axes.filter((a) => a.kind === kind && a.like === a.name).map((a) => a.name)
  const first: Readonly<Record<string, SeqOffsets>> = Object.fromEntries(Object.entries(launch.lengths).map(([axis, list]) => [axis, offsetsOf(list)]))
  const sequences = Object.values(launch.lengths)[0]?.length ?? launch.sequences
  const batches = Object.fromEntries(owners('batch').map((name) => [name, sequences]))
  const captures = capturesFor(x, sequences, launch.seed)
  const before: InteractionExtent = { offsets: numbers(first), batches, capacities: launch.capacities ?? {}, sizes: launch.sizes }
  const keys = Object.fromEntries(given.filter((t) => t.dtype === 'i32' && tensorAxes(t).every((a) => !x.axes.find((k) => k.name === a)!.length)).map((t) => [t.tensor, tensorFor(x, before, t, launch)]))
  const offsets = deriveOffsets(x, first, { batches, sizes: launch.sizes, captures, tensors: keys, capacities: before.capacities })
  const exact: InteractionExtent = { ...before, offsets: numbers(offsets) }
  const longest = (axis: string): number => { let most = 0; for (let b = 0; b < batchCount(x, exact, x.axes.find((a) => a.name === axis)!.batch ?? 'b'); b++) most = Math.max(most, lengthAt(x, exact, axis, b)); return most }
  const extent: InteractionExtent = { ...exact, capacities: { ...Object.fromEntries(owners('jagged').map((a) => [a, longest(a)])), ...launch.capacities } }
  const tensors = Object.fromEntries(given.map((t) => [t.tensor, keys[t.tensor] ?? tensorFor(x, extent, t, launch)]))
  return { extent, inputs: { tensors, offsets, batches, capacities: extent.capacities, captures, sizes: Object.fromEntries(Object.entries(launch.sizes).filter(([a]) => x.axes.find((k) => k.name === a)?.index)) } }
}
