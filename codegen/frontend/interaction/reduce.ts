import type { InteractionDefinition } from '../../../dsl/interaction.ts'
import type { ReductionOp } from '../../../dsl/reductions.ts'
import { tensorAxes } from '../../ir/interaction/axes.ts'
import type { TensorSpec } from '../../ir/interaction/types.ts'
import type { Axes } from './axes.ts'
import { reductions } from './passes.ts'
import type { Places } from './places.ts'

const NAMES: Readonly<Partial<Record<ReductionOp, string>>> = { softmax: 'softmaxOver' }

/** The reduced axes of a definition, checked against its layouts. */
export const readReduced = (P: Places, live: InteractionDefinition, { drafts }: Axes, output: TensorSpec): readonly string[] => {
  const { reduce } = live
  if (!reduce) return []
  const { I } = P
  const at = P.at('reduce')
  const { op, axes } = reduce
  if (!(op in reductions)) I.refuse('SR1008', at, { field: 'reduce', name: P.name, found: `'${String(op)}'`, wanted: `one of ${Object.keys(reductions).join(', ')}` })
  const name = NAMES[op] ?? op
  const shown = axes.join(', ') || 'no axis'
  const refuse = (why: string, fix: string): never => I.refuse('SR1508', at, { axes: shown, why, fix })
  const known = [...drafts.keys()].filter((n) => !live.index?.[n])
  if (!axes.length) refuse('it needs an axis', `Write \`${name}('${known.at(-1)}')\`.`)
  const unknown = axes.find((n) => !drafts.has(n))
  if (unknown !== undefined) refuse(`no layout has the axis ${unknown}`, `Name one of ${known.join(', ')}.`)
  const computed = axes.find((n) => live.index?.[n])
  if (computed) refuse(`${computed} is computed by an index`, 'Reduce over an axis that is walked, and compute the index from it.')
  if (new Set(axes).size !== axes.length) refuse('an axis is named twice', 'Name each once.')
  const kept = tensorAxes(output)
  if (axes.every((n) => kept.includes(n)) && op === 'argmax') I.refuse('SR1510', at, { reduction: name, why: 'gives one place for all elements of an axis that the output keeps', fix: `Leave ${axes.join(', ')} out of the output.` })
  if (op === 'argmax' && axes.length !== 1) I.refuse('SR1510', at, { reduction: name, why: `counts along one axis, not ${axes.length}`, fix: `Write \`argmax('${axes[0]}')\`.` })
  const dropped = axes.find((n) => !kept.includes(n))
  if (op === 'softmax' && dropped !== undefined) I.refuse('SR1510', at, { reduction: name, why: `gives a weight for each element along ${dropped}, which the output does not have`, fix: `Add ${dropped} to the output, or use sum.` })
  if (!kept.some((n) => !axes.includes(n))) I.refuse('SR1509', P.at('output'), { axes: shown })
  return Object.freeze([...axes])
}
