import type { AxisEnds, AxisPair, TensorLayout } from '../../../dsl/layouts.ts'
import type { InteractionDefinition } from '../../../dsl/interaction.ts'
import type { LayoutAxis, TensorSpec } from '../../ir/interaction/types.ts'
import { nameProblem } from './names.ts'
import type { Places } from './places.ts'

/** Names of a layout axis: one, or a pair's row and column. */
export const namesOf = (a: LayoutAxis): readonly string[] => (a.kind === 'axis' ? [a.name] : [a.row, a.column])

const isEnds = (a: unknown): a is AxisEnds => typeof a === 'object' && a !== null && (a as AxisEnds).kind === 'ends' && typeof (a as AxisEnds).axis === 'string'
const layoutAxis = (a: string | AxisPair | AxisEnds): LayoutAxis => Object.freeze(typeof a === 'string' ? { kind: 'axis', name: a } : isEnds(a) ? { kind: 'axis', name: a.axis } : { kind: a.kind, row: a.row, column: a.column })

const isAxis = (a: unknown): boolean => typeof a === 'string' || isEnds(a) || (typeof a === 'object' && a !== null && ['outer', 'lower'].includes((a as AxisPair).kind) && [(a as AxisPair).row, (a as AxisPair).column].every((n) => typeof n === 'string'))

const fillProblem = (fill: unknown, dtype: string): string | undefined =>
  typeof fill !== 'number' || !Number.isFinite(Math.fround(fill)) ? `its fill is ${String(fill)}, not a finite number`
  : dtype === 'i32' && (fill | 0) !== fill ? `its fill ${fill} is not an i32` : undefined

interface Problem { readonly why: string; readonly fix: string }

const problem = (t: TensorLayout, batch: string | undefined, axes: readonly LayoutAxis[], isOutput: boolean): Problem | undefined => {
  const { options } = t
  const names = axes.flatMap(namesOf)
  const twice = names.find((n, i) => names.indexOf(n) !== i)
  if (twice) return { why: `it has the axis ${twice} twice`, fix: 'Give each axis a name of its own; `reread` reads one tensor at two axes.' }
  if (names.includes('b')) return { why: 'the batch axis b stands among the others', fix: 'Write it first in `dense`, and not at all in `jagged`, whose rows are by sequence.' }
  if (t.storage === 'jagged' && !axes.length) return { why: 'a jagged layout has an axis with lengths first', fix: 'Write `jagged(\'l\')`.' }
  if (!axes.length && !batch) return { why: 'it has no axis', fix: 'Write `dense(\'b\')` for a value a sequence.' }
  if (t.storage === 'jagged' && axes.some((a, i) => a.kind !== 'axis' && i > 0)) return { why: 'a pair of axes stands first in `jagged`', fix: 'Write `jagged(outer(\'i\', \'j\'), ...)`.' }
  if (options.dtype !== undefined && options.dtype !== 'f32' && options.dtype !== 'i32') return { why: `its dtype is '${String(options.dtype)}'`, fix: 'Use \'f32\' or \'i32\', or leave it out: the kernel\'s element type.' }
  const fill = fillProblem(options.fill ?? 0, options.dtype ?? 'element')
  if (fill) return { why: fill, fix: 'Give a number that the dtype holds; for others use a scalar capture and a condition.' }
  if (isOutput && (options.batch || options.fill !== undefined || t.rereads)) return { why: `an output has no ${options.batch ? 'other batch axis' : t.rereads ? 'memory to reread' : 'fill'}`, fix: 'Leave it out.' }
  return undefined
}

/** `ends('b')` stands first in a dense output. */
const endsProblem = (t: TensorLayout, at: number, isOutput: boolean): Problem | undefined => {
  const { axis } = t.axes[at] as AxisEnds
  if (axis !== 'b') return { why: `\`ends('${axis}')\` is of ${axis}, which is not the batch axis`, fix: 'Write `ends(\'b\')`.' }
  if (!isOutput) return { why: 'an input has no `ends`', fix: 'Write `dense(\'b\')`, or read `seq.lengths`.' }
  return t.storage === 'jagged' || at > 0 ? { why: '`ends(\'b\')` does not stand first in `dense`', fix: 'Write `dense(ends(\'b\'), ...)`.' } : undefined
}

const tensor = (P: Places, name: string, t: TensorLayout, path: readonly string[]): TensorSpec => {
  const isOutput = path[0] === 'output'
  const { I } = P
  if (t?.kind !== 'tensor' || !Array.isArray(t.axes) || !t.axes.every(isAxis)) return I.refuse('SR1008', P.at(...path), { field: path.join('.'), name: P.name, found: 'not made of axis names', wanted: 'a layout such as `jagged(\'l\', \'d\')`' })
  const all = t.axes.map(layoutAxis)
  const given = t.options.batch
  const first = all[0]?.kind === 'axis' ? all[0].name : undefined
  const leads = t.storage === 'dense' && first !== undefined && first === (given ?? 'b')
  const axes = leads ? all.slice(1) : all
  const batch = given ?? (t.storage === 'jagged' ? 'b' : leads ? 'b' : undefined)
  const marked = t.axes.findIndex(isEnds)
  const wrong = (marked >= 0 ? endsProblem(t, marked, isOutput) : undefined) ?? problem(t, batch, axes, isOutput)
  if (wrong) I.refuse('SR1501', P.at(...path), { tensor: name, ...wrong })
  for (const n of axes.flatMap(namesOf)) { const why = nameProblem(n, 'axis'); if (why) I.refuse('SR1502', P.at(...path), { what: 'axis', name: n, why, suggestion: `${n.replace(/\W/g, '') || 'my'}Axis` }) }
  return Object.freeze({ name, tensor: t.rereads ?? name, storage: t.storage, batch: batch ?? null, axes: Object.freeze(axes), dtype: t.options.dtype ?? 'element', fill: t.options.fill ?? 0, ...(marked >= 0 && { ends: true as const }) })
}

/** A tensor by sequences may be reread by an axis that is walked beside them: every sequence is compared with every other. */
const shape = (t: TensorSpec): string => [t.storage, ...(t.storage === 'dense' && t.batch !== null ? ['axis'] : []), ...t.axes.map((a) => a.kind)].join()

/** A rereading tensor has the layout and the dtype of the one it names. */
const reread = (P: Places, t: TensorSpec, all: readonly TensorSpec[]): TensorSpec => {
  if (t.tensor === t.name) return t
  const of = all.find((o) => o.name === t.tensor)
  const refuse = (why: string, fix: string): never => P.I.refuse('SR1506', P.at('inputs', t.name), { tensor: t.name, of: t.tensor, why, fix })
  if (!of) return refuse('which is not an input', `Name one of ${all.filter((o) => o.tensor === o.name).map((o) => o.name).join(', ') || 'the inputs'}.`)
  if (of.tensor !== of.name) return refuse(`which rereads ${of.tensor} itself`, `Reread \`${of.tensor}\`.`)
  if (shape(of) !== shape(t) || (of.batch === null && t.batch !== null)) return refuse('whose layout has other parts', 'Write the same layout with other axis names.')
  if (t.dtype !== 'element' && t.dtype !== of.dtype) return refuse(`whose dtype is ${of.dtype}`, 'Leave the dtype out: the memory is the same.')
  return Object.freeze({ ...t, dtype: of.dtype })
}

export interface Tensors { readonly inputs: readonly TensorSpec[]; readonly output: TensorSpec }

export const readTensors = (P: Places, live: InteractionDefinition): Tensors => {
  const inputs = Object.entries(live.inputs).map(([name, t]) => {
    const why = nameProblem(name, 'input')
    if (why) P.I.refuse('SR1502', P.at('inputs', name), { what: 'input', name, why, suggestion: `${name.replace(/\W/g, '') || 'my'}Input` })
    return tensor(P, name, t, ['inputs', name])
  })
  return { inputs: Object.freeze(inputs.map((t) => reread(P, t, inputs))), output: tensor(P, 'out', live.output, ['output']) }
}
