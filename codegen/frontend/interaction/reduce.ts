import type { InteractionDefinition } from '../../../dsl/interaction.ts'
import type { ReductionOp } from '../../../dsl/reductions.ts'
import { tensorAxes } from '../../ir/interaction/axes.ts'
import { namesOf } from './tensors.ts'
import type { TensorSpec } from '../../ir/interaction/types.ts'
import type { Axes } from './axes.ts'
import { reductions } from './passes.ts'
import { mapsOf } from './names.ts'
import type { Places } from './places.ts'

const NAMES: Readonly<Partial<Record<ReductionOp, string>>> = { softmax: 'softmaxOver' }
const OPS: readonly string[] = [...Object.keys(reductions), 'prefixSum']

/** A prefix sum runs along one axis whose elements follow one another in the output. */
const checkPrefixSum = (P: Places, live: InteractionDefinition, drafts: Axes['drafts'], output: TensorSpec): void => {
  const refuse = (why: string, fix: string): never => P.I.refuse('SR1510', P.at('reduce'), { reduction: 'prefixSum', why, fix })
  const { axes, options } = live.reduce!
  const [axis] = axes as [string]
  if (axes.length !== 1) refuse(`runs along one axis, not ${axes.length}`, `Write \`prefixSum('${axis}')\`.`)
  const kept = tensorAxes(output)
  if (!kept.includes(axis)) refuse(`gives a sum for each element along ${axis}, which the output does not have`, `Add ${axis} to the output, or use sum.`)
  const kind = drafts.get(axis)!.kind
  const pair = output.axes.find((a) => a.kind !== 'axis' && namesOf(a).includes(axis))
  if (pair && !(pair.kind === 'outer' && pair.column === axis)) refuse(`runs along ${axis}, whose elements do not follow one another in \`${pair.kind}(${namesOf(pair).join(', ')})\``, 'Sum along the column of an `outer` pair, or along an axis that is no part of a pair.')
  const padded = output.storage === 'dense' ? kept.find((n) => drafts.get(n)!.kind === 'jagged') : undefined
  if (padded !== undefined) refuse(`has no padded output, and ${padded} is padded here`, `Write \`jagged('${padded}', ...)\`, and pad the result with jagged_to_padded.`)
  if (output.ends && (kind !== 'batch' || options?.exclusive || options?.reverse)) refuse(`with \`ends('b')\` is of the sequences, inclusive and from the first one${kind === 'batch' ? '' : `, not along ${axis}`}`, 'Write `prefixSum(\'b\')`, or leave `ends` out of the output.')
}

/** The reduced axes of a definition, checked against its layouts. */
export const readReduced = (P: Places, live: InteractionDefinition, { drafts }: Axes, output: TensorSpec): readonly string[] => {
  const { reduce } = live
  const { I } = P
  if (!reduce && output.ends) I.refuse('SR1501', P.at('output'), { tensor: 'out', why: '`ends(\'b\')` holds running sums, and nothing is summed', fix: 'Write `reduce: prefixSum(\'b\')`.' })
  if (!reduce) return []
  const at = P.at('reduce')
  const { op, axes } = reduce
  if (!OPS.includes(op)) I.refuse('SR1008', at, { field: 'reduce', name: P.name, found: `'${String(op)}'`, wanted: `one of ${OPS.join(', ')}` })
  const name = NAMES[op] ?? op
  const shown = axes.join(', ') || 'no axis'
  const refuse = (why: string, fix: string): never => I.refuse('SR1508', at, { axes: shown, why, fix })
  const known = [...drafts.keys()].filter((n) => !mapsOf(live)[n])
  if (!axes.length) refuse('it needs an axis', `Write \`${name}('${known.at(-1)}')\`.`)
  const unknown = axes.find((n) => !drafts.has(n))
  if (unknown !== undefined) refuse(`no layout has the axis ${unknown}`, `Name one of ${known.join(', ')}.`)
  const computed = axes.find((n) => mapsOf(live)[n])
  if (computed) refuse(`${computed} is computed by an index`, 'Reduce over an axis that is walked, and compute the index from it.')
  if (new Set(axes).size !== axes.length) refuse('an axis is named twice', 'Name each once.')
  const kept = tensorAxes(output)
  if (axes.every((n) => kept.includes(n)) && op === 'argmax') I.refuse('SR1510', at, { reduction: name, why: 'gives one place for all elements of an axis that the output keeps', fix: `Leave ${axes.join(', ')} out of the output.` })
  if (op === 'argmax' && axes.length !== 1) I.refuse('SR1510', at, { reduction: name, why: `counts along one axis, not ${axes.length}`, fix: `Write \`argmax('${axes[0]}')\`.` })
  const dropped = axes.find((n) => !kept.includes(n))
  if (op === 'softmax' && dropped !== undefined) I.refuse('SR1510', at, { reduction: name, why: `gives a weight for each element along ${dropped}, which the output does not have`, fix: `Add ${dropped} to the output, or use sum.` })
  if (op === 'prefixSum') { checkPrefixSum(P, live, drafts, output); return [] }
  if (output.ends) I.refuse('SR1501', P.at('output'), { tensor: 'out', why: `\`ends('b')\` holds running sums, and the reduction is \`${name}\``, fix: 'Write `prefixSum(\'b\')`, or `dense(\'b\', ...)`.' })
  if (!kept.some((n) => !axes.includes(n))) I.refuse('SR1509', P.at('output'), { axes: shown })
  return Object.freeze([...axes])
}
