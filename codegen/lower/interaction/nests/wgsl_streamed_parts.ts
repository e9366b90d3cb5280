import type { Expr } from '../../../ir/hook.ts'
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
  const { kept, inner, vector, writes } = shape
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
  const passes = x.passes.map((p, n) => {
    const made = textOf(p.values.map((v, k) => [many ? `value_${stat + k}` : 'value', byReciprocal(v), n === 0 && k === 0] as const))
    const values = p.values.map((v, k) => ({ n: stat + k, type: valueType(l, v.type), i32: valueType(l, v.type) === 'i32', text: made.texts[k]! }))
    stat += values.length
    return { op: p.op, block: made.block, values }
  })
  const last = textOf([['epilogue', inverted(x), true]])
  const factors = elementFactors(l, kept)
  const columnSums = x.sums && wgslColumns(l, last.block, { axis: inner, count: vector }, values, factors, x.sums.map((s) => ({ ...s, value: byReciprocal(s.value) })))
  if (columnSums) blocks[blocks.length - 1] = { block: last.block, texts: [...last.texts, ...columnSums.sums.map((s) => s.text)] }
  const outside = writes === 'sequence' ? new Block(l, inner) : undefined
  return { ...own, walk, batch, head, top, row, blocks, passes, last: last.block, value: last.texts[0]!, factors, columnSums, outside, place: outside?.place(x.output, true) }
}

export type Parts = ReturnType<typeof partsOf>
