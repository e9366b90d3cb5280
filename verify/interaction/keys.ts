import { axisOf, batchCount, type Interaction, type InteractionExtent, lengthAt, segmentOf, segmentSums, sizeOf, tensorAxes, type TensorSpec } from '../../codegen/ir/interaction/index.ts'
import { topological } from '../../codegen/ir/hook.ts'
import type { Rng } from '../random/rng.ts'

/** How many values a key can take where it selects along an axis. */
const entries = (x: Interaction, e: InteractionExtent, name: string): number => {
  const axis = axisOf(x, name)
  if (axis.kind === 'batch') return batchCount(x, e, name)
  if (axis.kind === 'dense') return sizeOf(x, e, name)
  return Math.max(0, ...Array.from({ length: batchCount(x, e, axis.batch ?? 'b') }, (_, b) => lengthAt(x, e, name, b)))
}

const reads = (x: Interaction, t: TensorSpec): readonly string[] =>
  x.axes.filter((a) => a.index && topological(a.index).some((n) => n.kind === 'param' && x.inputs.some((i) => i.tensor === t.tensor && n.name === `in:${i.name}`))).map((a) => a.name)

/** Keys that say where rows are written: of each sequence a permutation of its rows, so that no two have one place. */
const drawPlaces = (x: Interaction, e: InteractionExtent, t: TensorSpec, count: number, rng: Rng): Int32Array => {
  const keys = new Int32Array(count)
  const first = segmentSums(x, e, segmentOf(x, t)!)
  for (let b = 0; b + 1 < first.length; b++) {
    for (let i = first[b]!; i < first[b + 1]!; i++) {
      const j = rng.int(first[b]!, i)
      keys[i] = keys[j]!
      keys[j] = i - first[b]!
    }
  }
  return keys
}

/** Keys of an i32 input: mostly inside of the axes whose index maps read them, with repeats, now and then outside. */
export const drawKeys = (x: Interaction, e: InteractionExtent, t: TensorSpec, count: number, rng: Rng): Int32Array => {
  const out = tensorAxes(x.output)
  if (t.storage === 'jagged' && reads(x, t).some((name) => out.includes(name))) return drawPlaces(x, e, t, count, rng)
  const limits = reads(x, t).map((name) => entries(x, e, name))
  const limit = limits.length ? Math.max(1, ...limits) : 100
  return Int32Array.from({ length: count }, () => (rng.chance(0.08) ? rng.pick([-1, limit, -5, limit + 3]) : rng.int(0, limit - 1)))
}
