import { axisOf, type Interaction, type TensorSpec, tensorAxes } from '../../../ir/interaction/index.ts'
import type { Lowering } from '../context.ts'
import type { Contraction } from '../classify.ts'
import type { Plan } from './cuda_reduction_plan.ts'

/** Whether a walk over `axes` meets each element of a tensor once: it has all of them, and none is computed. */
const metOnce = (x: Interaction, t: TensorSpec, axes: readonly string[]): boolean => {
  const own = tensorAxes(t)
  return axes.every((n) => own.includes(n)) && own.every((n) => !axisOf(x, n).index)
}
const walkedBy = (x: Interaction): readonly string[] => [...new Set([...tensorAxes(x.output), ...x.reduced])]
const allDistinct = (x: Interaction): boolean => new Set(x.inputs.map((t) => t.tensor)).size === x.inputs.length

/** Whether one pass of a reduction reads each element of every input once, 16 bytes at a time, and writes fewer: none is worth a place in a cache. */
export const readsOnce = ({ x, problem }: Lowering, { keepsReduced }: Plan): boolean =>
  x.passes.length === 1 && !x.sums && keepsReduced.length === 0 && allDistinct(x) && x.inputs.every((t) => metOnce(x, t, walkedBy(x)) && (t.dtype === 'element' || problem.dtype === 'f32'))

/** Whether blocks that each have all rows and columns of a product copy each element of its factors once. */
export const copiesOnce = (x: Interaction, { m, n }: Contraction, whole: boolean): boolean =>
  whole && allDistinct(x) && x.inputs.every((t) => [m, n].some((other) => metOnce(x, t, walkedBy(x).filter((a) => a !== other))))
