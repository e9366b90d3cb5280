import type { InteractionDefinition } from '../../../dsl/interaction.ts'
import type { Expr } from '../../ir/hook.ts'
import { exprAxes, inputsOf, tensorAxes, walkedAxes } from '../../ir/interaction/axes.ts'
import type { Interaction } from '../../ir/interaction/types.ts'
import type { Axes } from './axes.ts'
import type { Places } from './places.ts'
import { namesOf, type Tensors } from './tensors.ts'

/** Index maps and lengths belong to axes that can have them. */
export const checkMaps = (P: Places, live: InteractionDefinition, { drafts, likes }: Axes, { inputs, output }: Tensors): void => {
  const refuse = (field: string, axis: string, why: string, fix: string): never => P.I.refuse('SR1512', P.at(field, axis), { field, axis, why, fix })
  const read = new Set(inputs.flatMap(tensorAxes))
  for (const axis of Object.keys(live.index ?? {})) {
    if (axis === 'b') refuse('index', axis, 'every element of the output has its own b', 'Name the other batch axis: `jagged(\'l\', { batch: \'s\' })` and `index: { s: ... }`.')
    if (tensorAxes(output).includes(axis)) refuse('index', axis, 'the output has this axis, so that it is walked', 'Give the axis of the input another name, and the index to that.')
    if (!read.has(axis)) refuse('index', axis, 'no input has this axis', `Name one of ${[...read].join(', ')}, or remove it.`)
  }
  for (const axis of Object.keys(live.lengths ?? {})) {
    if (!drafts.has(axis)) refuse('lengths', axis, 'no layout has this axis', 'Remove it, or name it in a layout.')
    if (drafts.get(axis)!.batch !== 'b') refuse('lengths', axis, `it is counted along ${drafts.get(axis)!.batch ?? axis}`, 'Only lengths along b follow from others.')
    if (likes.has(axis)) refuse('lengths', axis, `it has the lengths of ${likes.get(axis)}`, 'Remove it.')
  }
}

/** A scatter computes the first axis of a jagged output, and walks the rows of one other jagged axis in its place. */
export const checkScatter = (P: Places, x: Interaction, live: InteractionDefinition): void => {
  const refuse = (axis: string, why: string, fix: string): never => P.I.refuse('SR1512', P.at('scatter', axis), { field: 'scatter', axis, why, fix })
  const { output } = x
  const first = output.axes[0]
  for (const axis of Object.keys(live.scatter ?? {})) {
    if (output.storage !== 'jagged' || first?.kind !== 'axis' || first.name !== axis) refuse(axis, 'it is not the first axis of a jagged output', 'Write `output: jagged(...)` with the axis first; where an input is read is computed by `index`.')
    if (x.inputs.some((t) => tensorAxes(t).includes(axis))) refuse(axis, `the input ${x.inputs.find((t) => tensorAxes(t).includes(axis))!.name} has it`, 'Give the axis of the input another name.')
    if (live.reduce) refuse(axis, 'there is a reduction', 'Reduce in a definition of its own.')
    const rows = walkedAxes(x, tensorAxes(output)).filter((n) => !tensorAxes(output).includes(n))
    if (rows.length !== 1 || x.axes.find((a) => a.name === rows[0])!.kind !== 'jagged') refuse(axis, `it follows from ${rows.join(', ') || 'no axis'}, and one jagged axis is walked`, 'Compute it from the coordinate along one jagged axis of the inputs, or from an i32 input that has it.')
  }
}

const FIXES = {
  value: (axis: string) => `Add ${axis} to the output or to the reduction, or compute it: \`index: { ${axis}: (at) => ... }\`.`,
  epilogue: (axis: string) => `Read it in value, or add ${axis} to the output.`,
}

/** Every expression finds its coordinates, and every input is read. */
export const checkReads = (P: Places, x: Interaction): void => {
  const own = walkedAxes(x, tensorAxes(x.output)).filter((n) => n !== 'b' || tensorAxes(x.output).includes('b'))
  const kept = new Set(own)
  const walked = new Set([...own, ...x.reduced])
  if (x.output.axes.flatMap(namesOf).some((n) => x.axes.find((a) => a.name === n)!.kind === 'jagged') && !walked.has('b')) P.I.refuse('SR1511', P.at('output'), { hook: 'The output', axis: 'b', why: 'whose lengths it has, but which it neither holds nor reduces', fix: 'Write `dense(\'b\', ...)` or `jagged(...)`.' })
  const check = (hook: 'value' | 'epilogue', e: Expr, axes: ReadonlySet<string>): void => {
    const axis = exprAxes(x, e).find((n) => !axes.has(n))
    if (axis !== undefined) P.I.refuse('SR1511', P.at(hook), { hook, axis, why: axes === kept && x.passes.length ? 'which the output does not have' : 'which is neither in the output nor reduced', fix: FIXES[hook](axis) })
  }
  for (const a of x.axes) {
    const axis = a.length && exprAxes(x, a.length).find((n) => n !== 'b')
    if (axis) P.I.refuse('SR1511', P.at('lengths', a.name), { hook: `lengths.${a.name}`, axis, why: 'but a sequence has one length', fix: 'Compute the length from captures and lengths that only b selects.' })
  }
  for (const v of [...x.passes.flatMap((p) => p.values), ...(x.scan ? [x.scan.value] : [])]) check('value', v, walked)
  check(x.passes.length || x.scan ? 'epilogue' : 'value', x.epilogue, kept)
  const read = inputsOf(x, ...x.passes.flatMap((p) => p.values), ...(x.scan ? [x.scan.value] : []), x.epilogue, ...x.axes.flatMap((a) => a.index ?? []))
  const unread = x.inputs.find((t) => !read.includes(t) && !read.some((o) => o.tensor === t.name))
  if (unread) P.I.refuse('SR1516', P.at('inputs', unread.name), { input: unread.name })
}
