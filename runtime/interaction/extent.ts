import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { type AxisKind, batchCount, countsSequences, type InteractionExtent, type InteractionManifest, ownerOf, rowElements, type Segment, segmentOf, segmentSums, type TensorSpec, tensorAxes } from '../../codegen/ir/interaction/index.ts'
import { checkCount } from '../layout.ts'
import { type CheckedOffsets, checkSums, runningSums, type SeqOffsets } from '../offsets.ts'
import { checkNames, type InteractionInputs, needed, boundTensors, sameSegment } from './inputs.ts'

/** The running sums of a segment as a kernel reads them. */
export interface Sums {
  readonly array: SeqOffsets
  readonly words: 1 | 2
  readonly end: number
}

export interface CheckedExtent {
  readonly extent: InteractionExtent
  readonly sums: Readonly<Record<string, Sums>>
  /** Packed rows by segment of the manifest. */
  readonly rows: Readonly<Record<string, number>>
}

const tensorsOf = (m: InteractionManifest): readonly TensorSpec[] => [...boundTensors(m), m.output]
const isOwner = (m: InteractionManifest, name: string): boolean => ownerOf(m, name) === name
const names = (m: InteractionManifest, kind: string): readonly string[] => m.axes.filter((a) => a.kind === kind && isOwner(m, a.name)).map((a) => a.name)

/** Axes of a kind, by their owners, that decide how large a tensor is (of a jagged one's first axis its rows do) or that a param counts. */
const usedAxes = (m: InteractionManifest, kind: AxisKind): readonly string[] => {
  const sized = tensorsOf(m).flatMap((t) => (t.storage === 'dense' || kind !== 'jagged' ? tensorAxes(t) : tensorAxes({ ...t, batch: null, axes: t.axes.slice(1) })))
  const counted = m.params.flatMap(({ source }) => /^(?:batch|capacity|size):(.*)$/.exec(source)?.[1] ?? [])
  return [...new Set([...sized, ...counted].filter((n) => m.axes.some((a) => a.name === n && a.kind === kind)).map((n) => ownerOf(m, n)))]
}

const checkedOffsets = (m: InteractionManifest, { offsets }: InteractionInputs): Readonly<Record<string, CheckedOffsets>> => {
  const owners = names(m, 'jagged')
  checkNames(m, 'offsets', offsets, owners)
  const segments = [...m.segments, ...tensorsOf(m).flatMap((t) => segmentOf(m, t) ?? [])]
  const used = new Set(segments.flatMap((s) => [s.row, ...(s.kind === 'axis' ? [] : [s.column])]))
  const wanted = owners.filter((o) => used.has(o) || offsets?.[o] !== undefined)
  const of = (owner: string): SeqOffsets => needed(m, 'offsets', offsets, owner, `the lengths of ${owner}`, 'B + 1 running sums, an Int32Array or a BigInt64Array')
  return Object.fromEntries(wanted.map((owner) => [owner, checkSums(of(owner), m.kernel, `offsets.${owner}`)]))
}

/** Sequences along every batch axis that something counts. Throws SR5053 where two disagree, SR5050 where a tensor is stored by an axis that nothing counts. */
const countBatches = (m: InteractionManifest, offsets: Readonly<Record<string, CheckedOffsets>>, given: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> => {
  checkNames(m, 'batches', given, names(m, 'batch'))
  const counts: Record<string, { readonly first: string; readonly count: number }> = {}
  const add = (batch: string, second: string, count: number): void => {
    const known = counts[batch] ?? { first: second, count }
    if (known.count !== count) fail('SR5053', { batch, first: known.first, firstCount: known.count, second, secondCount: count })
    counts[batch] = known
  }
  for (const [batch, count] of Object.entries(given)) add(batch, `batches.${batch}`, checkCount(`batches.${batch}`, count))
  for (const [owner, { sequences }] of Object.entries(offsets)) {
    const { batch } = m.axes.find((a) => a.name === owner)!
    if (batch !== undefined) add(ownerOf(m, batch), `offsets.${owner}`, sequences)
  }
  const totals = Object.fromEntries(Object.entries(counts).map(([batch, { count }]) => [batch, count]))
  for (const name of usedAxes(m, 'batch')) needed(m, 'batches', totals, name, `the number of sequences along ${name}, which no offsets count`, 'a whole number')
  return totals
}

const countSizes = (m: InteractionManifest, given: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> => {
  checkNames(m, 'sizes', given, names(m, 'dense'))
  for (const [name, value] of Object.entries(given)) if (m.sizes[name] !== undefined && m.sizes[name] !== value) fail('SR5054', { kernel: m.kernel, path: `sizes.${name}`, value, want: m.sizes[name] })
  const of = (name: string): number => m.sizes[name] ?? checkCount(`sizes.${name}`, needed(m, 'sizes', given, name, `the number of entries along ${name}`, 'a whole number'))
  return Object.fromEntries([...new Set([...Object.keys(m.sizes), ...usedAxes(m, 'dense').filter((n) => names(m, 'dense').includes(n))])].map((name) => [name, of(name)]))
}

const countCapacities = (m: InteractionManifest, given: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> => {
  checkNames(m, 'capacities', given, names(m, 'jagged'))
  return Object.fromEntries(usedAxes(m, 'jagged').map((name) => [name, checkCount(`capacities.${name}`, needed(m, 'capacities', given, name, `the length that ${name} is padded to`, 'a whole number'))]))
}

/** Offsets as they were given; of pairs, computed: i64 where they pass i32. */
const sumsOf = (m: InteractionManifest, extent: InteractionExtent, s: Segment, { offsets }: InteractionInputs): Sums => {
  const array = s.kind === 'axis' ? offsets![s.row]! : runningSums(segmentSums(m, extent, s))
  return { array, end: Number(array.at(-1)), words: array instanceof Int32Array ? 1 : 2 }
}

/** Rows that a segment's tensors hold: as said, else of the first input stored by it, else up to the last offset. */
const rowsOf = (m: InteractionManifest, extent: InteractionExtent, s: Segment, end: number, { rows, tensors }: InteractionInputs): number => {
  const stored = (t: TensorSpec): boolean => { const own = segmentOf(m, t); return own !== null && sameSegment(own, s) }
  const said = rows?.[s.name]
  const input = boundTensors(m).find((t) => stored(t) && tensors[t.tensor] !== undefined && rowElements(m, extent, t) > 0)
  const held = said !== undefined ? checkCount(`rows.${s.name}`, said) : input ? Math.floor(tensors[input.tensor]!.length / rowElements(m, extent, input)) : end
  if (end > held) fail('SR5005', { what: s.kind === 'axis' ? `offsets.${s.row}` : `Σ ${s.row} · ${s.column}`, value: end, rows: held, tensors: input?.tensor ?? m.output.name })
  return held
}

/** Everything that decides how large a launch's tensors are, checked. Throws SR5001 to SR5005, SR5022, SR5050, SR5051, SR5053, SR5054. */
export const checkExtent = (m: InteractionManifest, inputs: InteractionInputs): CheckedExtent => {
  const offsets = checkedOffsets(m, inputs)
  const base: InteractionExtent = {
    offsets: Object.fromEntries(Object.entries(offsets).map(([owner, { values }]) => [owner, values])),
    batches: countBatches(m, offsets, inputs.batches),
    capacities: countCapacities(m, inputs.capacities),
    sizes: countSizes(m, inputs.sizes),
  }
  checkNames(m, 'rows', inputs.rows, m.segments.map((s) => s.name))
  const sums = Object.fromEntries(m.segments.map((s) => [s.name, sumsOf(m, base, s, inputs)]))
  const rows = Object.fromEntries(m.segments.map((s) => [s.name, rowsOf(m, base, s, sums[s.name]!.end, inputs)]))
  const placed = tensorsOf(m).flatMap((t) => {
    const own = segmentOf(m, t)
    const segment = own && m.segments.find((s) => sameSegment(s, own))
    return segment ? [[own.name, rows[segment.name]!] as const] : []
  })
  return { extent: { ...base, rows: Object.fromEntries(placed) }, sums, rows }
}

/** Sequences of the output, that captures are counted by. */
export const sequencesOf = (m: InteractionManifest, extent: InteractionExtent): number => (m.axes.some((a) => a.name === 'b') ? batchCount(m, extent, 'b') : 0)
