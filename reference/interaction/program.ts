import { axisOf, batchCount, type InteractionProgram, type ListStep, sizeOf } from '../../codegen/ir/interaction/index.ts'
import { extentOfData, type InteractionData } from './data.ts'
import { type RunOptions, runWhole } from './run.ts'

/** For each value 0..n-1 the positions of the keys that have it, ascending; keys elsewhere are in no list. */
export const listsOf = (keys: ArrayLike<number>, n: number): { readonly offsets: readonly number[]; readonly items: Float64Array } => {
  const counts = new Array<number>(n + 1).fill(0)
  const inside = (k: number): boolean => k >= 0 && k < n
  for (let i = 0; i < keys.length; i++) if (inside(keys[i]!)) counts[keys[i]! + 1]!++
  for (let v = 0; v < n; v++) counts[v + 1]! += counts[v]!
  const next = counts.slice(0, n)
  const items = new Float64Array(counts[n]!)
  for (let i = 0; i < keys.length; i++) if (inside(keys[i]!)) items[next[keys[i]!]!++] = i
  return { offsets: counts, items }
}

const listed = (p: InteractionProgram, s: ListStep, data: InteractionData): InteractionData => {
  const user = p.steps.find((k) => k.kind === 'kernel' && k.interaction.axes.some((a) => a.name === s.axis))
  if (user?.kind !== 'kernel') throw new Error(`${p.name}: no kernel has the axis ${s.axis}`)
  const e = extentOfData(data)
  const n = axisOf(user.interaction, s.axis).kind === 'batch' ? batchCount(user.interaction, e, s.axis) : sizeOf(user.interaction, e, s.axis)
  const { offsets, items } = listsOf(data.tensors[s.keys]!, n)
  return { ...data, sizes: { ...data.sizes, [`${s.name}_keys`]: data.tensors[s.keys]!.length }, offsets: { ...data.offsets, [s.name]: offsets }, tensors: { ...data.tensors, [`${s.name}_items`]: items } }
}

/** The tensors that a gradient program gives, by input. Intermediates are kept in double precision unless `arithmetic` says otherwise. */
export const runProgram = (p: InteractionProgram, given: InteractionData, options: Pick<RunOptions, 'arithmetic'> = {}): Readonly<Record<string, Float64Array>> => {
  let data = given
  for (const s of p.steps) {
    if (s.kind === 'lists') { data = listed(p, s, data); continue }
    const { out, sums } = runWhole(s.interaction, data, options)
    data = { ...data, tensors: { ...data.tensors, [s.writes]: out, ...sums } }
  }
  return Object.fromEntries(Object.entries(p.results).map(([input, tensor]) => [input, data.tensors[tensor] as Float64Array]))
}
