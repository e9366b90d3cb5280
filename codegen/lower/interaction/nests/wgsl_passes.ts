import { topological } from '../../../ir/hook.ts'
import { axisOf, type Interaction, type TensorSpec, tensorAxes } from '../../../ir/interaction/index.ts'
import { Block } from '../block.ts'
import { type Lowering, valueType } from '../context.ts'
import { at } from '../names.ts'
import { extent, walkedSequence } from '../place.ts'
import { prune } from './wgsl_common.ts'
import { decodeAxes, product } from './wgsl_walk.ts'

/** What a pass begins with. */
export const start = { sum: { f32: '0.0', i32: '0' }, mean: { f32: '0.0', i32: '0' }, max: { f32: '-3.4028234e38', i32: '-2147483647 - 1' }, min: { f32: '3.4028234e38', i32: '2147483647' } } as const
export const combine = (op: 'sum' | 'mean' | 'max' | 'min', a: string, b: string): string => (op === 'max' || op === 'min' ? `${op}(${a}, ${b})` : `${a} + ${b}`)
/** A pass' result from what was accumulated over `count` elements. */
export const finished = (op: 'sum' | 'mean' | 'max' | 'min', acc: string, count: string): string => (op === 'sum' ? acc : op === 'mean' ? `${acc} / f32(max(${count}, 1))` : `select(${acc}, ${op === 'max' || op === 'min' ? '0' : ''}, ${count} == 0)`)

/** Reduced axes but batch ones, in the order of the first input that has all of them, else of the definition. */
export const reducedAxes = (x: Interaction): readonly string[] => {
  const own = x.reduced.filter((a) => axisOf(x, a).kind !== 'batch')
  const order = x.inputs.map((t: TensorSpec) => tensorAxes(t)).find((axes) => own.every((a) => axes.includes(a))) ?? own
  return [...own].sort((a, b) => order.indexOf(a) - order.indexOf(b))
}

/** How far a reduced axis is walked. */
export const bound = (l: Lowering, axis: string): string => (axisOf(l.x, axis).kind === 'jagged' ? walkedSequence(l).length(axis) : extent(l, { kind: 'axis', name: axis }))

export interface PassText {
  readonly about: string
  readonly op: 'sum' | 'mean' | 'max' | 'min'
  readonly decode: readonly string[]
  readonly loads: readonly string[]
  readonly lane: readonly string[]
  readonly values: readonly { readonly stat: string; readonly acc: string; readonly type: string; readonly start: string; readonly added: string; readonly finished: string; readonly tree: string }[]
}

/** A pass as text: a step takes `count` elements of the innermost reduced axis, `inner`, where that is given. */
export const passTexts = (l: Lowering, vector: { readonly axis: string | undefined; readonly count: number }): { readonly passes: readonly PassText[]; readonly steps: string; readonly vectors: ReadonlySet<string> } => {
  const { x } = l
  const axes = reducedAxes(x)
  const size = (name: string): string => (name === vector.axis ? String(Number(bound(l, name)) / vector.count) : bound(l, name))
  const steps = product(axes.map(size))
  const empty = axes.some((a) => size(a) === '0')
  const vectors = new Set<string>()
  let stat = 0
  const passes = x.passes.map((p, i): PassText => {
    const block = new Block(l, vector.axis)
    const many = x.passes.length > 1 || p.values.length > 1
    const calls = p.values.map((v, k) => block.call(many ? `value_${stat + k}` : 'value', v, i === 0 && k === 0 ? x.spans.value : undefined))
    block.vectors.forEach((v) => vectors.add(v.buffer))
    const own = vector.axis && new RegExp(`\\b${at(vector.axis)}\\b`).test([...block.lane, ...calls].join('\n')) ? [`let ${at(vector.axis)} = start_${at(vector.axis).slice(3)} + i;`] : []
    const lane = prune([...own, ...block.vectors.map((v) => `let ${v.name} = vector_${v.name}[i];`), ...block.lane], calls.join('\n'))
    const loads = block.vectors.flatMap((v) => (v.guard ? [`var vector_${v.name}: array<${v.type}, ${vector.count}>;`, `if (${v.guard}) { vector_${v.name} = load_${v.buffer}_vector(${v.index}); }`, ...(v.fill === '0.0' ? [] : [`else { for (var i = 0; i < ${vector.count}; i++) { vector_${v.name}[i] = ${v.fill}; } }`])]
      : [`var vector_${v.name} = load_${v.buffer}_vector(${v.index});`]))
    const walked = decodeAxes(l, axes.map((name) => ({ kind: 'axis' as const, name })), 'step', (a) => (a.kind === 'axis' ? size(a.name) : '1'))
      .map((line) => (vector.axis ? line.replace(new RegExp(`^let ${at(vector.axis)} = (.*);`), (_all, value: string) => `let start_${at(vector.axis!).slice(3)} = (${value}) * ${vector.count};`) : line))
    const used = [...lane, ...loads, ...calls].join('\n')
    const values = p.values.map((v, k) => {
      const type = valueType(l, v.type)
      const acc = `acc_${stat + k}`
      return { stat: `stat_${stat + k}`, acc, type, start: start[p.op][v.type === 'i32' ? 'i32' : 'f32'], added: combine(p.op, acc, calls[k]!), finished: finished(p.op, acc, 'count'), tree: `${p.op === 'mean' ? 'sum' : p.op}_${type}` }
    })
    stat += p.values.length
    return { about: `${p.op} over ${x.reduced.join(', ')}`, op: p.op, decode: prune([...walked, ...block.before], used), loads, lane, values }
  })
  return { passes, steps: empty ? '0' : steps, vectors }
}

/** Whether an expression of the interaction reads a `stat`. */
export const readsStats = (x: Interaction): boolean => topological(x.epilogue).some((e) => e.kind === 'param' && e.name.startsWith('stat:'))
