import type { Leaves } from '../ir/evaluate.ts'
import { type Expr, operands, topological } from '../ir/hook.ts'
import { intrinsics } from '../ir/intrinsics/index.ts'

/** `evaluate`, with the order of evaluation found once: for expressions that are asked many times. */
export const prepare = (...roots: readonly Expr[]): ((leaves: Leaves) => readonly (number | boolean)[]) => {
  const order = topological(...roots)
  const at = new Map(order.map((e, i) => [e, i]))
  const steps = order.map((e) => {
    const slots = operands(e).map((o) => at.get(o)!)
    if (e.kind === 'const') return () => e.value
    if (e.kind === 'param') return (_v: readonly (number | boolean)[], leaves: Leaves) => leaves.param(e.name)
    if (e.kind === 'capture') return (_v: readonly (number | boolean)[], leaves: Leaves) => leaves.capture(e.name, e.side)
    if (e.kind === 'table') return (v: readonly (number | boolean)[], leaves: Leaves) => leaves.table(e.name, v[slots.at(-1)!] as number, e.row && (v[slots[0]!] as number), e.side)
    const { js } = intrinsics[e.op]!
    const types = e.args.map((a) => a.type)
    return (v: readonly (number | boolean)[]) => js(slots.map((s) => v[s]!), types)
  })
  const outputs = roots.map((r) => at.get(r)!)
  const values: (number | boolean)[] = order.map(() => 0)
  return (leaves) => {
    for (let i = 0; i < steps.length; i++) values[i] = steps[i]!(values, leaves)
    return outputs.map((o) => values[o]!)
  }
}
