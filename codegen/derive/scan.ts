import type { Expr } from '../ir/hook.ts'
import { type Interaction, type InteractionProgram, type KernelStep, tensorAxes, type TensorSpec } from '../ir/interaction/index.ts'
import { type Algebra, leavesOf } from './algebra.ts'
import { adjoints } from './differentiate.ts'
import { pruned } from './prune.ts'
import type { Reverse } from './reverse.ts'
import type { Steps } from './steps.ts'

const NONE: ReadonlyMap<string, Expr> = new Map()

/**
 * Reverse mode over a running sum: d value at k is the sum of d y over the elements whose sums hold k, a running sum from the other end. It is a step of its own,
 * as are the sums where the epilogue's derivative reads them; what is left is a map of elements.
 */
export const reverseScan = (a: Algebra, x: Interaction, s: Steps): Reverse => {
  const { axis, exclusive, reverse, value } = x.scan!
  const { ends: _ends, ...shape } = x.output
  const found = new Map(adjoints(a, a.rewrite(x.epilogue, () => undefined), a.b.param('f32', 'in:d_out')))
  const sum = a.b.param(value.type, 'stat:0')
  const sums = leavesOf(...found.values()).includes('stat:0') ? s.scan(`${axis}_sums`, shape, { axis, exclusive, reverse, value: a.rewrite(value, () => undefined) }, sum) : undefined
  const known = (e: Expr): Expr => (sums ? a.rewrite(e, (l) => (l === sum ? sums : undefined)) : e)
  const element = new Map([...found].flatMap(([leaf, d]) => (leaf.startsWith('in:') ? [[leaf.slice(3), known(d)] as const] : [])))
  const dSum = found.get('stat:0')
  if (dSum && value.type === 'f32') {
    const dValue = s.scan(`d_${axis}_sums`, shape, { axis, exclusive, reverse: !reverse, value: known(dSum) }, a.b.param('f32', 'stat:0'))
    for (const [leaf, d] of adjoints(a, a.rewrite(value, () => undefined), dValue)) if (leaf.startsWith('in:')) element.set(leaf.slice(3), a.sum(element.get(leaf.slice(3)), d))
  }
  return { passes: [], walked: NONE, element, keeps: false, named: NONE }
}

const places = (t: TensorSpec): string => JSON.stringify([t.storage, t.batch, t.axes, t.ends])

/** The map of elements that alone reads a running sum, as the epilogue of that sum. */
const joined = (a: Algebra, p: Interaction, c: Interaction, tensor: string): Interaction | undefined => {
  const reads = c.inputs.filter((t) => t.tensor === tensor)
  const walked = c.axes.every((k) => !k.index || !tensorAxes(c.output).includes(k.name))
  if (!p.scan || c.scan || c.passes.length || !walked || reads.some((t) => places(t) !== places(p.output)) || places(c.output) !== places(p.output)) return undefined
  const sum = a.b.param('f32', 'stat:0')
  const axes = [...c.axes, ...p.axes.filter((k) => !c.axes.some((o) => o.name === k.name))]
  const inputs = [...c.inputs.filter((t) => t.tensor !== tensor), ...p.inputs.filter((t) => !c.inputs.some((o) => o.name === t.name))]
  const epilogue = a.rewrite(c.epilogue, (l) => (l.kind === 'param' && reads.some((t) => l.name === `in:${t.name}`) ? sum : undefined))
  return pruned({ ...c, axes, inputs, captures: [...new Map([...c.captures, ...p.captures].map((k) => [k.name, k])).values()], scan: p.scan, epilogue })
}

/** Running sums that one step reads, in that step's kernel. */
export const joinScans = (a: Algebra, { steps, ...program }: InteractionProgram): InteractionProgram => {
  const kernels = steps.filter((s): s is KernelStep => s.kind === 'kernel')
  for (const p of kernels.filter((s) => s.interaction.scan && !Object.values(program.results).includes(s.writes))) {
    const readers = kernels.filter((s) => s.interaction.inputs.some((t) => t.tensor === p.writes))
    const interaction = readers.length === 1 ? joined(a, p.interaction, readers[0]!.interaction, p.writes) : undefined
    if (interaction) return joinScans(a, { ...program, steps: steps.flatMap((s) => (s === p ? [] : s === readers[0] ? [{ ...readers[0]!, interaction }] : [s])) })
  }
  return { ...program, steps }
}
