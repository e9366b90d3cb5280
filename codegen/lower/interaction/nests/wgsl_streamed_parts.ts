import { statOf } from '../../../derive/algebra.ts'
import { type Expr, ExprBuilder } from '../../../ir/hook.ts'
import type { Pass } from '../../../ir/interaction/index.ts'
import { Block } from '../block.ts'
import { type Lowering, valueType } from '../context.ts'
import { at, first } from '../names.ts'
import { byReciprocal, inverted } from './cuda_reciprocal.ts'
import type { ScheduleValues } from './types.ts'
import { wgslColumns } from './wgsl_columns.ts'
import { elementHead } from './wgsl_movement.ts'
import { bound } from './wgsl_passes.ts'
import { elementFactors } from './wgsl_stats.ts'
import type { Shape } from './wgsl_streamed_shape.ts'
import { decodeAxes, product, wgslWalk } from './wgsl_walk.ts'

/** Texts of a block's expressions. */
export interface Said { readonly block: Block; readonly texts: readonly string[] }

/** Whether the pass after a maximum adds up e^(value - maximum): then it can be added up as the maximum rises, over the same vectors. */
const risesInto = (passes: readonly Pass[], n: number, stat: number): boolean => {
  const [p, next] = [passes[n], passes[n + 1]]
  const sum = next?.op === 'sum' && next.values.length === 1 ? next.values[0]! : undefined
  if (p?.op !== 'max' || p.values.length !== 1 || p.values[0]!.type !== 'f32' || sum?.kind !== 'op' || sum.op !== 'exp') return false
  const [difference] = sum.args
  const [value, top] = difference?.kind === 'op' && difference.op === 'sub' ? difference.args : []
  return value === p.values[0] && statOf(top) === stat
}

/** e^(smaller - larger), as a function of a block. */
const fallOf = (block: Block, stat: number): string => {
  const b = new ExprBuilder()
  const e = b.op('f32', 'exp', [b.op('f32', 'sub', [b.param('f32', `stat:${stat}`), b.param('f32', `stat:${stat + 1}`)])])
  return block.call(`fall_${stat + 1}`, e).split('(')[0]!
}

/** How many vectors a group walks, and which of them a step is. */
const stepsOf = (l: Lowering, { columns, axes, inner, size, vector }: Shape) => {
  const begin = `start_${at(inner).slice(3)}`
  /** A line that decodes the inner axis gives where its vector begins. */
  const renamed = (line: string): string => line.replace(new RegExp(`^let ${at(inner)} = (.*);`), (_all, value: string) => `let ${begin} = ${columns ? value : `${/[ ]/.test(value) ? `(${value})` : value} * ${vector}`};`)
  const extent = (name: string): string => (name === inner ? String(size / vector) : bound(l, name))
  return {
    begin, renamed, steps: product(axes.map(extent)), none: axes.some((a) => extent(a) === '0'),
    decode: decodeAxes(l, axes.map((name) => ({ kind: 'axis' as const, name })), 'step', (a) => (a.kind === 'axis' ? extent(a.name) : '1')).map(renamed),
  }
}

/** A reduction's expressions as texts, block by block, and where its groups and their steps lie. Fills the lowering. */
export const partsOf = (l: Lowering, shape: Shape, values: ScheduleValues) => {
  const { x } = l
  const { kept, columns, inner, vector, writes } = shape
  const batch = at(l.batch ?? 'b')
  const walk = wgslWalk(l, kept)
  const own = stepsOf(l, shape)
  const head = [
    ...elementHead(walk),
    ...(walk.sequences === 'search' ? [`let ${batch} = sequence_of_${walk.segment}(group, found[0], found[1]);`] : walk.sequences === 'batch' ? [`let ${batch} = group;`] : []),
    `let seq = load_sequence(${batch});`, ...walk.decode.map(own.renamed),
  ]
  const [top] = kept.axes
  const row = walk.sequences === 'search' && top?.kind === 'axis' ? { at: at(top.name), text: `(seq.${first(walk.segment)} + ${at(top.name)})` } : undefined

  const blocks: Said[] = []
  const textOf = (names: readonly (readonly [string, Expr, boolean])[]): Said => {
    const block = new Block(l, inner)
    const made = { block, texts: names.map(([name, e, own]) => block.call(name, e, own ? (name === 'epilogue' ? x.spans.epilogue : x.spans.value) : undefined)) }
    blocks.push(made)
    return made
  }
  let stat = 0
  const many = x.passes.length > 1 || x.passes.some((p) => p.values.length > 1)
  const rises = x.passes.map((_p, n) => columns && risesInto(x.passes, n, x.passes.slice(0, n).reduce((sum, q) => sum + q.values.length, 0)))
  const passes = x.passes.flatMap((p, n) => {
    if (rises[n - 1]) { stat += 1; return [] }
    const made = textOf(p.values.map((v, k) => [many ? `value_${stat + k}` : 'value', byReciprocal(v), n === 0 && k === 0] as const))
    const values = p.values.map((v, k) => ({ n: stat + k, type: valueType(l, v.type), i32: valueType(l, v.type) === 'i32', text: made.texts[k]! }))
    stat += values.length
    // `rising`: the sum that the maximum's loop adds up too, and the function that scales it
    return [{ op: p.op, block: made.block, values, ...(rises[n] && { rising: { n: stat, fall: fallOf(made.block, stat - 1) } }) }]
  })
  const last = textOf([['epilogue', inverted(x), true]])
  const factors = elementFactors(l, kept)
  const columnSums = x.sums && wgslColumns(l, last.block, { axis: inner, count: vector }, values, factors, x.sums.map((s) => ({ ...s, value: byReciprocal(s.value) })))
  if (columnSums) blocks[blocks.length - 1] = { block: last.block, texts: [...last.texts, ...columnSums.sums.map((s) => s.text)] }
  const outside = writes === 'sequence' ? new Block(l, inner) : undefined
  return { ...own, walk, batch, head, top, row, blocks, passes, last: last.block, value: last.texts[0]!, factors, columnSums, outside, place: outside?.place(x.output, true) }
}

export type Parts = ReturnType<typeof partsOf>
