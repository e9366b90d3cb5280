import { type Expr, topological } from '../../codegen/ir/hook.ts'
import { axisOf, batchCount, capacityOf, elementCount, type Interaction, type InteractionExtent, type InteractionProblem, lengthAt, ownerOf, sizeOf, tensorAxes, type TensorSpec } from '../../codegen/ir/interaction/index.ts'
import { isMove } from '../../codegen/lower/interaction/index.ts'
import { bytesOf } from '../../runtime/dtypes.ts'

type ElementDtype = InteractionProblem['dtype']

/** A quantity as a formula and over the lengths of a launch. `Σ` sums over the sequences, an axis' name is its length or size, `N_l` the capacity along l. */
export interface Count {
  readonly text: string
  readonly value: number
}

interface Pair { readonly row: string; readonly column: string }

const product = (factors: readonly string[]): string => factors.join('·') || '1'

/** Pairs below the diagonal of n rows. */
const triangle = (n: string): string => `(${n}(${n}-1)/2)`
const below = (n: number): number => (n * (n - 1)) / 2

/** Elements of a tensor's memory. */
export const elementsOf = (x: Interaction, e: InteractionExtent, t: TensorSpec): Count => {
  const value = elementCount(x, e, t)
  const name = (axis: string, padded: boolean): string => (padded && axisOf(x, axis).kind === 'jagged' ? `N_${ownerOf(x, axis)}` : ownerOf(x, axis))
  if (t.storage === 'dense') return { value, text: product([...(t.batch === null ? [] : [t.ends ? '(B + 1)' : t.batch === 'b' ? 'B' : `B_${t.batch}`]), ...t.axes.flatMap((a) => (a.kind === 'axis' ? [name(a.name, true)] : a.kind === 'lower' ? [triangle(name(a.row, true))] : [name(a.row, true), name(a.column, true)]))]) }
  const [first, ...rest] = t.axes
  const packed = first!.kind === 'axis' ? `Σ${name(first!.name, false)}` : first!.kind === 'outer' ? `Σ(${name(first!.row, false)}·${name(first!.column, false)})` : `Σ${triangle(name(first!.row, false))}`
  return { value, text: product([packed, ...rest.flatMap((a) => (a.kind === 'axis' ? [name(a.name, true)] : [name(a.row, true), name(a.column, true)]))]) }
}

/** Points of the product of walked axes: in each sequence, of jagged axes their lengths; of `padded` ones the capacity; of a `lower` pair those below the diagonal. */
const pointsOf = (x: Interaction, e: InteractionExtent, axes: readonly string[], padded: readonly string[], lower: Pair | undefined): Count => {
  const batches = axes.filter((a) => axisOf(x, a).kind === 'batch')
  const kindOf = (a: string) => (axisOf(x, a).kind === 'jagged' && !padded.includes(a) ? 'jagged' : axisOf(x, a).kind === 'batch' ? 'batch' : 'fixed')
  const walked = axes.filter((a) => a !== lower?.column)
  const [inSequence, fixed] = [walked.filter((a) => kindOf(a) === 'jagged'), walked.filter((a) => kindOf(a) === 'fixed')]
  const size = (a: string): number => (padded.includes(a) ? capacityOf(x, e, a) : sizeOf(x, e, a))
  const named = (a: string): string => (padded.includes(a) ? `N_${ownerOf(x, a)}` : ownerOf(x, a))
  const count = (a: string, n: number): number => (a === lower?.row ? below(n) : n)
  const text = (a: string): string => (a === lower?.row ? triangle(named(a)) : named(a))
  const outside = fixed.reduce((n, a) => n * count(a, size(a)), 1)
  const texts = fixed.map(text)
  if (!batches.length && !inSequence.length) return { text: product(texts), value: outside }
  let total = 0
  for (let b = 0; b < batchCount(x, e, batches[0] ?? 'b'); b++) total += inSequence.reduce((n, a) => n * count(a, lengthAt(x, e, a, b)), 1)
  const sum = !inSequence.length ? 'B' : inSequence.length > 1 ? `Σ(${inSequence.map(text).join('·')})` : `Σ${text(inSequence[0]!)}`
  return { text: product([sum, ...texts]), value: total * outside }
}

const operations = (e: Expr): number => topological(e).filter((n) => n.kind === 'op').length

/**
 * Arithmetic: a multiply and an add at every point of a contraction; elsewhere one operation for each node of a value and one to add it up,
 * at every point of its pass, and those of the epilogue at every element of the output; copying is none.
 */
export const flopsOf = (x: Interaction, e: InteractionExtent): Count => {
  const out = tensorAxes(x.output)
  const padded = x.output.storage === 'dense' ? out.filter((a) => axisOf(x, a).kind === 'jagged') : []
  const lower = x.output.axes.find((a) => a.kind === 'lower') as Pair | undefined
  const walked = [...new Set([...out.filter((a) => !x.reduced.includes(a)), ...x.reduced])]
  const passes = x.passes.flatMap((p) => p.values).reduce((n, v) => n + operations(v) + 1, 0)
  const points = pointsOf(x, e, walked, padded, lower)
  const elements = pointsOf(x, e, out, padded, lower)
  const own = isMove(x) ? 0 : operations(x.epilogue)
  const sums = x.scan ? operations(x.scan.value) + 1 : 0
  const parts = [...(sums ? [{ n: sums, of: elements }] : []), ...(passes ? [{ n: passes, of: points }] : []), ...(own ? [{ n: own, of: elements }] : [])]
  return { text: parts.map(({ n, of }) => `${n}·${of.text}`).join(' + ') || '0', value: parts.reduce((sum, { n, of }) => sum + n * of.value, 0) }
}

const widthOf = (t: TensorSpec, dtype: ElementDtype): number => (t.dtype === 'element' && dtype !== 'i32' ? bytesOf(dtype) : 4)

/** Bytes that a launch moves at least: every tensor once, offsets left out. */
export const bytesMoved = (x: Interaction, e: InteractionExtent, dtype: ElementDtype): Count => {
  const tensors = [...new Map(x.inputs.map((t) => [t.tensor, x.inputs.find((i) => i.name === t.tensor) ?? t])).values(), x.output]
  const parts = tensors.map((t) => ({ width: widthOf(t, dtype), of: elementsOf(x, e, t) }))
  const widths = [...new Set(parts.map((p) => p.width))]
  return {
    text: widths.map((w) => { const same = parts.filter((p) => p.width === w).map((p) => p.of.text); return `${w}·${same.length > 1 ? `(${same.join(' + ')})` : same[0]}` }).join(' + '),
    value: parts.reduce((sum, p) => sum + p.width * p.of.value, 0),
  }
}
