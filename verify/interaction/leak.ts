import { axisOf, countsSequences, elementCount, type Interaction, type InteractionExtent, keptAxes, lengthAt, rowElements, segmentOf, segmentSums, type TensorSpec } from '../../codegen/ir/interaction/index.ts'
import { encode } from '../../runtime/dtypes.ts'
import type { ElementBits, InteractionInputs } from '../../runtime/interaction/index.ts'
import { distinct, type InteractionCase } from './case.ts'

/** Where sequence b lies in a tensor's array; undefined where the tensor has no sequences along `b`. */
const slab = (x: Interaction, e: InteractionExtent, t: TensorSpec, b: number): readonly [number, number] | undefined => {
  if (t.batch !== 'b') return undefined
  const s = segmentOf(x, t)
  if (s) { const sums = segmentSums(x, e, s); const row = rowElements(x, e, t); return [sums[b]! * row, sums[b + 1]! * row] }
  const n = e.batches.b ?? 0
  const each = n ? elementCount(x, e, t) / n : 0
  return [b * each, (b + 1) * each]
}

/** True where an output's sequence can depend on no other: sequences are walked, not gathered or summed over. */
const separate = (x: Interaction): boolean => (x.scan === undefined || axisOf(x, x.scan.axis).kind !== 'batch') && !x.axes.some((a) => countsSequences(x, a.name)) && x.axes.every((a) => a.kind !== 'batch' || (a.name === 'b' && !a.index)) && keptAxes(x).includes('b') && x.inputs.every((t) => t.batch === null || t.batch === 'b')

/** The inputs with one sequence's float elements replaced, and the outputs that may then differ; undefined where the check means nothing. */
export const perturbSequence = ({ interaction: x, extent, inputs, shape }: InteractionCase): { readonly inputs: InteractionInputs; readonly may: readonly [number, number]; readonly sequence: number } | undefined => {
  const n = extent.batches.b ?? 0
  if (!separate(x) || n < 2) return undefined
  const some = x.axes.find((a) => a.kind === 'jagged' && a.like === a.name)
  const sequence = Array.from({ length: n }, (_, b) => b).find((b) => !some || lengthAt(x, extent, some.name, b) > 0)
  if (sequence === undefined) return undefined
  const changed = distinct(x).flatMap((t) => {
    const at = slab(x, extent, t, sequence)
    const type = t.dtype === 'element' ? shape.dtype : t.dtype
    if (!at || type === 'i32') return []
    const bits = inputs.tensors[t.tensor]!.slice() as Float32Array
    bits.set(encode(type, Array.from({ length: at[1] - at[0] }, (_, i) => 1.5 - (i % 7))), at[0])
    return [[t.tensor, bits as ElementBits] as const]
  })
  const may = slab(x, extent, x.output, sequence)
  return may && changed.length ? { inputs: { ...inputs, tensors: { ...inputs.tensors, ...Object.fromEntries(changed) } }, may, sequence } : undefined
}
