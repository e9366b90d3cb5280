import type { NamedCapture } from '../../codegen/ir/algorithm.ts'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { axisOf, batchCount, extentOf, type Interaction, type InteractionExtent, lengthAt, type LayoutAxis, ownerOf, packedRows, segmentOf, tensorAxes, type TensorSpec } from '../../codegen/ir/interaction/index.ts'
import type { CaptureArgument } from '../../runtime/captures.ts'
import { fromBytes } from '../../runtime/dtypes.ts'
import { deriveOffsets, type ElementBits, type ElementType, type InteractionInputs } from '../../runtime/interaction/index.ts'
import { checkSums, type SeqOffsets } from '../../runtime/offsets.ts'
import { kernelSteps } from '../interaction/gradient.ts'
import { lengthAxes } from '../interaction/lengths.ts'
import type { Task } from '../interaction/task.ts'
import type { ElementDtype } from '../options.ts'
import { nearest, suggestion } from '../suggest.ts'
import { arrayOf, bytesOfArray, checkShape, copied, fileDtypes, offsetsIn, tensorOf } from './tensors.ts'
import { elements, type Tensor, type Tensors } from './types.ts'

export interface InteractionFile {
  readonly dtype: ElementDtype
  /** Of each dense axis whose size a kernel is made for. */
  readonly sizes: Readonly<Record<string, number>>
  readonly inputs: InteractionInputs
  readonly extent: InteractionExtent
  /** Tensors of the file that no step reads. */
  readonly ignored: readonly string[]
}

/** What the command line says beside the file. */
export interface SaidSizes {
  readonly sizes?: Readonly<Record<string, number>> | undefined
  readonly capacities?: Readonly<Record<string, number>> | undefined
}

/** The tensor of a file that holds the running sums of an axis' lengths. */
export const offsetsName = (axis: string): string => `offsets.${axis}`

const names: Readonly<Record<ElementDtype, Tensor['dtype']>> = { ...fileDtypes, i32: 'I32' }

const textOf = (x: Interaction, a: LayoutAxis, first: boolean): string =>
  a.kind !== 'axis' ? `${a.kind}(${a.row}, ${a.column})` : first ? `rows of ${a.name}` : a.name

/** "rows of l, d", "b, l, d". */
const wantedShape = (x: Interaction, t: TensorSpec): string =>
  t.storage === 'jagged' ? t.axes.map((a, i) => textOf(x, a, i === 0)).join(', ') : [...(t.batch === null ? [] : [t.batch]), ...t.axes.map((a) => textOf(x, a, false))].join(', ')

/** A dimension of a tensor's shape: packed rows, an axis, or pairs of two. */
type Dim = 'rows' | LayoutAxis
const dimsOf = (t: TensorSpec): readonly Dim[] =>
  t.storage === 'jagged' ? ['rows', ...t.axes.slice(1)] : [...(t.batch === null ? [] : [{ kind: 'axis' as const, name: t.batch }]), ...t.axes]

const pairs = { outer: (rows: number, columns: number) => rows * columns, lower: (rows: number) => (rows * (rows - 1)) / 2 } as const

/** The dimensions of a tensor in one launch. */
export const shapeOf = (x: Interaction, e: InteractionExtent, t: TensorSpec): readonly number[] =>
  dimsOf(t).map((d) => (d === 'rows' ? packedRows(x, e, t) : d.kind === 'axis' ? extentOf(x, e, d.name) + (t.ends && d.name === t.batch ? 1 : 0) : pairs[d.kind](extentOf(x, e, d.row), extentOf(x, e, d.column))))

const kindOf = (x: Interaction, name: string): 'batches' | 'sizes' | 'capacities' => (({ batch: 'batches', dense: 'sizes', jagged: 'capacities' }) as const)[axisOf(x, name).kind]

interface Seen { readonly value: number; readonly from: string }
type Numbers = Readonly<Record<'batches' | 'sizes' | 'capacities', Record<string, Seen>>>

/** Batches, sizes and capacities that the command line, the offsets and the shapes of tensors give, each with who said it first. */
const numbersOf = (x: Interaction, specs: readonly TensorSpec[], tensors: Tensors, offsets: Readonly<Record<string, SeqOffsets>>, said: SaidSizes): Numbers => {
  const seen: Numbers = { batches: {}, sizes: {}, capacities: {} }
  for (const [axis, value] of Object.entries(said.sizes ?? {})) seen[kindOf(x, axis)][axis] = { value, from: '--sizes' }
  for (const [axis, value] of Object.entries(said.capacities ?? {})) seen.capacities[axis] = { value, from: '--capacities' }
  for (const [axis, list] of Object.entries(offsets)) {
    const batch = ownerOf(x, axisOf(x, axis).batch ?? 'b')
    const { value, from } = (seen.batches[batch] ??= { value: list.length - 1, from: offsetsName(axis) })
    if (value !== list.length - 1) fail('SR5053', { batch, first: from, firstCount: value, second: offsetsName(axis), secondCount: list.length - 1 })
  }
  for (const t of specs) {
    const dims = dimsOf(t)
    const { shape } = tensors.get(t.tensor)!
    if (shape.length !== dims.length) fail('SR8033', { name: t.tensor, shape, wanted: wantedShape(x, t), note: '' })
    for (const [i, d] of dims.entries()) if (d !== 'rows' && d.kind === 'axis') seen[kindOf(x, d.name)][ownerOf(x, d.name)] ??= { value: shape[i]! - (t.ends && d.name === t.batch ? 1 : 0), from: t.tensor }
  }
  return seen
}

const checkShapes = (x: Interaction, e: InteractionExtent, specs: readonly TensorSpec[], tensors: Tensors, seen: Numbers): void => {
  for (const t of specs) {
    const { shape } = tensors.get(t.tensor)!
    const wanted = shapeOf(x, e, t)
    const at = dimsOf(t).findIndex((d, i) => d !== 'rows' && shape[i] !== wanted[i])
    if (at < 0) continue
    const d = dimsOf(t)[at]! as LayoutAxis
    const who = d.kind === 'axis' ? seen[kindOf(x, d.name)][ownerOf(x, d.name)] : undefined
    checkShape(t.tensor, shape, wanted.map((n, i) => (dimsOf(t)[i] === 'rows' ? shape[i]! : n)), who && who.from !== t.tensor ? `, ${(d as { name: string }).name} as ${who.from} says` : '')
  }
}

const dtypeOf = (specs: readonly TensorSpec[], tensors: Tensors): ElementDtype => {
  const [first, ...rest] = specs.filter((t) => t.dtype === 'element')
  if (!first) return 'f32'
  const { dtype } = tensors.get(first.tensor)!
  const found = (Object.keys(names) as ElementDtype[]).find((d) => names[d] === dtype)
  for (const t of rest) if (tensors.get(t.tensor)!.dtype !== dtype) fail('SR8032', { name: t.tensor, dtype: tensors.get(t.tensor)!.dtype, wanted: `${dtype}, as ${first.tensor} is` })
  return found ?? fail('SR8032', { name: first.tensor, dtype, wanted: 'F32, F16 or BF16 (I32 for interactions that only move elements)' })
}

const keysOf = (name: string, tensor: Tensor): Int32Array =>
  tensor.dtype !== 'I64' ? (arrayOf(name, 'i32', tensor) as Int32Array)
  : Int32Array.from(new BigInt64Array(copied(tensor).buffer), (v) => (v === BigInt.asIntN(32, v) ? Number(v) : fail('SR8032', { name, dtype: `I64 and holds ${v}`, wanted: 'I32, values from -2147483648 to 2147483647' })))

const bitsOf = (t: TensorSpec, tensor: Tensor, dtype: ElementDtype): ElementBits => {
  const type: ElementType = t.dtype === 'element' ? dtype : t.dtype
  if (t.dtype === 'i32') return keysOf(t.tensor, tensor)
  if (tensor.dtype !== names[type]) fail('SR8032', { name: t.tensor, dtype: tensor.dtype, wanted: names[type] })
  return type === 'i32' ? new Int32Array(copied(tensor).buffer) : fromBytes(type, copied(tensor), elements(tensor.shape))
}

const captureOf = (c: NamedCapture, tensor: Tensor, sequences: number): CaptureArgument => {
  const values = arrayOf(c.name, c.dtype, tensor)
  if (c.kind === 'scalar' && tensor.shape.length) checkShape(c.name, tensor.shape, [1], ' (scalar)')
  if (c.kind === 'perSequence') checkShape(c.name, tensor.shape, [sequences], ' (perSequence)')
  if (c.kind === 'table' && tensor.shape.length !== 1) fail('SR8033', { name: c.name, shape: tensor.shape, wanted: 'length', note: ' (table)' })
  return c.kind === 'scalar' ? values[0]! : values
}

const longest = (x: Interaction, e: InteractionExtent, axis: string): number => {
  let most = 0
  for (let b = 0; b < batchCount(x, e, axisOf(x, axis).batch ?? 'b'); b++) most = Math.max(most, lengthAt(x, e, axis, b))
  return most
}

const valuesOf = (seen: Readonly<Record<string, Seen>>): Readonly<Record<string, number>> => Object.fromEntries(Object.entries(seen).map(([name, { value }]) => [name, value]))
const plain = (offsets: Readonly<Record<string, SeqOffsets>>): InteractionExtent['offsets'] => Object.fromEntries(Object.entries(offsets).map(([name, o]) => [name, Array.from(o as ArrayLike<number | bigint>, Number)]))

const owners = (x: Interaction, kind: string): readonly string[] => x.axes.filter((a) => a.kind === kind && a.like === a.name).map((a) => a.name)

/**
 * Takes a launch out of a file: tensors and captures by name, `offsets.AXIS` for each jagged axis whose lengths do not follow from others; sizes, sequences and capacities
 * from the shapes. A capacity that nothing says is the longest sequence's length. Throws SR8031 to SR8034 naming the tensor, SR5050 for a size that nothing says.
 */
export const interactionInputs = (tensors: Tensors, { name, x, program, given, needed, result }: Task, file: string, said: SaidSizes): InteractionFile => {
  const { captures: declared } = x
  const known = [...given.map((t) => t.tensor), ...owners(x, 'jagged').map(offsetsName), ...declared.map((c) => c.name)]
  const unknown = [...tensors.keys()].filter((t) => !known.includes(t))
  for (const t of unknown) if (nearest(t, known)) fail('SR8034', { file, kernel: name, name: t, suggestion: suggestion(t, known), known: known.join(', ') })
  const keys = x.axes.some((a) => a.length) ? given.filter((t) => t.dtype === 'i32').map((t) => t.tensor) : []
  for (const t of [...needed, ...keys]) tensorOf(tensors, t, file)
  const first = Object.fromEntries(owners(x, 'jagged').filter((a) => lengthAxes(x).includes(a) || tensors.has(offsetsName(a))).map((a) => [a, offsetsIn(tensorOf(tensors, offsetsName(a), file), offsetsName(a))]))
  for (const [axis, list] of Object.entries(first)) checkSums(list, name, offsetsName(axis))

  const sizesNeeded = owners(x, 'dense').filter((a) => kernelSteps(program).some((s) => [...s.interaction.inputs, s.interaction.output].some((t) => tensorAxes(t).some((k) => ownerOf(s.interaction, k) === a))))
  const specs = given.filter((t) => tensors.has(t.tensor))
  const dtype = dtypeOf(specs, tensors)
  const seen = numbersOf(x, specs, tensors, first, said)
  const batches = valuesOf(seen.batches)
  const sizes = valuesOf(seen.sizes)
  for (const axis of sizesNeeded) if (sizes[axis] === undefined) fail('SR5050', { path: `--sizes ${axis}=N`, kernel: name, what: `the number of entries along ${axis}, which no tensor of ${file} has`, want: 'a whole number' })
  for (const axis of owners(x, 'batch')) if (batches[axis] === undefined) fail('SR5050', { path: `--sizes ${axis}=N`, kernel: name, what: `the number of sequences along ${axis}, which no tensor of ${file} has`, want: 'a whole number' })
  const before: InteractionExtent = { offsets: plain(first), batches, sizes, capacities: valuesOf(seen.capacities) }
  const sequences = x.axes.some((a) => a.name === 'b') ? batchCount(x, before, 'b') : 0
  const captures = Object.fromEntries(declared.filter((c) => tensors.has(c.name)).map((c) => [c.name, captureOf(c, tensors.get(c.name)!, sequences)]))
  checkShapes(x, before, specs.filter((t) => t.dtype === 'i32'), tensors, seen)
  const bits = Object.fromEntries(specs.filter((t) => needed.includes(t.tensor) || t.dtype === 'i32').map((t) => [t.tensor, bitsOf(t, tensors.get(t.tensor)!, dtype)]))
  for (const c of declared) if (c.default === undefined && captures[c.name] === undefined) fail('SR5010', { name: c.name, kernel: name, kind: c.kind, dtype: c.dtype, shape: c.kind === 'scalar' ? '[1]' : c.kind === 'perSequence' ? `[B] = [${sequences}]` : '[length]' })
  const offsets = deriveOffsets(x, first, { batches, sizes, captures, tensors: bits, capacities: before.capacities })
  const exact: InteractionExtent = { ...before, offsets: plain(offsets) }
  const capacities = { ...Object.fromEntries(owners(x, 'jagged').map((a) => [a, longest(x, exact, a)])), ...before.capacities }
  const rows: Record<string, number> = {}
  for (const t of specs) { const s = segmentOf(x, t); if (s) rows[s.name] ??= tensors.get(t.tensor)!.shape[0]! }
  const extent: InteractionExtent = { ...exact, capacities, rows }
  checkShapes(x, extent, specs, tensors, seen)
  const kept = [result, ...specs].flatMap((t) => segmentOf(x, t)?.name ?? [])
  return {
    dtype, extent, sizes: Object.fromEntries(x.axes.filter((a) => a.kind === 'dense' && !a.index && a.like === a.name && sizes[a.name] !== undefined).map((a) => [a.name, sizes[a.name]!])),
    inputs: { tensors: Object.fromEntries(Object.entries(bits).filter(([t]) => needed.includes(t))), offsets, batches, capacities, captures, rows: Object.fromEntries(Object.entries(rows).filter(([s]) => kept.includes(s))), sizes: Object.fromEntries(Object.entries(sizes).filter(([a]) => axisOf(x, a).index)) },
    ignored: [...tensors.keys()].filter((t) => unknown.includes(t) || (given.some((g) => g.tensor === t) && !needed.includes(t))),
  }
}

/** The result as it stands in a file, and the offsets of its rows where they follow from other lengths. */
export const interactionTensors = ({ x, writes, result }: Task, { dtype, extent, inputs }: InteractionFile, bits: ElementBits): Readonly<Record<string, Tensor>> => {
  const type: ElementType = result.dtype === 'element' ? dtype : result.dtype
  const segment = segmentOf(x, result)
  const derived = segment ? [...new Set([segment.row, segment.column])].filter((a) => axisOf(x, a).length) : []
  const sums = (axis: string): Tensor => { const o = inputs.offsets![axis]!; return { dtype: o instanceof BigInt64Array ? 'I64' : 'I32', shape: [o.length], bytes: bytesOfArray(o) } }
  return { [writes]: { dtype: names[type], shape: shapeOf(x, extent, result), bytes: bytesOfArray(bits) }, ...Object.fromEntries(derived.map((a) => [offsetsName(a), sums(a)])) }
}
