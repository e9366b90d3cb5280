import type { InteractionDefinition } from '../../../dsl/interaction.ts'
import { tensorAxes } from '../../ir/interaction/axes.ts'
import type { AxisKind, TensorSpec } from '../../ir/interaction/types.ts'
import { clash, nameProblem } from './names.ts'
import type { Places } from './places.ts'
import { namesOf, type Tensors } from './tensors.ts'

export interface Draft { readonly kind: AxisKind; batch?: string }
export interface Axes {
  /** In order of first use, `b` first. */
  readonly drafts: ReadonlyMap<string, Draft>
  /** Axis to the one that it shares lengths or size with. */
  readonly likes: Map<string, string>
}

/** The axis that owns an axis' lengths or size. */
export const ownerOf = (likes: ReadonlyMap<string, string>, name: string): string => {
  const of = likes.get(name)
  return of === undefined || of === name ? name : ownerOf(likes, of)
}

const lengthened = (t: TensorSpec): readonly string[] => (t.storage === 'jagged' ? namesOf(t.axes[0]!) : [])

const pathOf = (t: TensorSpec): readonly string[] => (t.name === 'out' ? ['output'] : ['inputs', t.name])

const checkTail = (P: Places, t: TensorSpec, jagged: ReadonlySet<string>): void => {
  const axis = t.storage === 'jagged' ? t.axes.slice(1).flatMap(namesOf).find((n) => jagged.has(n)) : undefined
  if (axis) P.I.refuse('SR1503', P.at(...pathOf(t)), { tensor: t.name, axis, first: namesOf(t.axes[0]!)[0] })
}

/** Pairs of a dense tensor are of sizes, not of lengths. */
const checkPairs = (P: Places, t: TensorSpec, jagged: ReadonlySet<string>): void => {
  const name = t.storage === 'dense' ? t.axes.filter((a) => a.kind !== 'axis').flatMap(namesOf).find((n) => jagged.has(n)) : undefined
  if (name) P.I.refuse('SR1501', P.at(...pathOf(t)), { tensor: t.name, why: `a pair of axes in \`dense\` has the jagged axis ${name}`, fix: 'Write `jagged(outer(\'i\', \'j\'))`, or the two axes one after another in `dense`.' })
}

const batchOf = (P: Places, name: string, tensors: readonly TensorSpec[]): string => {
  const holders = tensors.filter((t) => lengthened(t).includes(name))
  const other = holders.find((t) => t.batch !== holders[0]!.batch)
  if (other) P.I.refuse('SR1505', P.at(...pathOf(other)), { axis: name, one: holders[0]!.batch, other: other.batch })
  return holders[0]?.batch ?? 'b'
}

const checkLower = (P: Places, t: TensorSpec, { drafts, likes }: Axes, tensors: readonly TensorSpec[], live: InteractionDefinition): void => {
  const pair = t.axes.find((a) => a.kind === 'lower')
  if (pair?.kind !== 'lower') return
  const { row, column } = pair
  const refuse = (why: string): never => P.I.refuse('SR1507', P.at(...pathOf(t)), { row, column, why })
  const owns = (n: string): boolean => tensors.some((o) => o.name !== 'out' && o.tensor === o.name && lengthened(o).includes(n) && !lengthened(o).includes(n === row ? column : row))
  if (drafts.get(row)!.batch !== drafts.get(column)!.batch) refuse('they are counted along different batch axes')
  if (ownerOf(likes, row) === ownerOf(likes, column)) return
  if (owns(column) && owns(row)) refuse('each has lengths of its own, from two inputs')
  if (likes.has(column) || live.lengths?.[column]) refuse(`${column} has other lengths than ${row}`)
  likes.set(column, row)
}

/** What every axis is, by the layouts that hold it. */
export const readAxes = (P: Places, live: InteractionDefinition, { inputs, output }: Tensors): Axes => {
  const tensors = [...inputs, output]
  for (const t of inputs) if (t.batch && t.batch !== 'b' && !live.index?.[t.batch]) P.I.refuse('SR1504', P.at('inputs', t.name), { tensor: t.name, batch: t.batch })
  for (const n of live.axes ?? []) { const why = n === 'b' ? 'the batch axis' : nameProblem(n, 'axis'); if (why) P.I.refuse('SR1502', P.at('axes'), { what: 'axis', name: n, why, suggestion: 'l' }) }
  const jagged = new Set([...tensors.flatMap(lengthened), ...(live.axes ?? []), ...Object.keys(live.lengths ?? {})])
  const batches = new Set(tensors.flatMap((t) => t.batch ?? []))
  tensors.forEach((t) => { checkTail(P, t, jagged); checkPairs(P, t, jagged) })
  const drafts = new Map<string, Draft>([['b', { kind: 'batch' }]])
  for (const name of [...tensors.flatMap(tensorAxes), ...(live.axes ?? [])]) {
    if (drafts.has(name)) continue
    if (batches.has(name) && tensors.some((t) => t.axes.flatMap(namesOf).includes(name))) P.I.refuse('SR1502', P.at('inputs'), { what: 'axis', name, why: 'that of a batch axis too', suggestion: `${name}2` })
    drafts.set(name, batches.has(name) ? { kind: 'batch' } : jagged.has(name) ? { kind: 'jagged', batch: batchOf(P, name, tensors) } : { kind: 'dense' })
  }
  const same = clash([...drafts.keys()])
  if (same) P.I.refuse('SR1502', P.at('inputs'), { what: 'axis', name: same[1], why: `the same as ${same[0]} in kernel text`, suggestion: `${same[1]}2` })
  const likes = new Map<string, string>()
  for (const t of inputs) {
    const of = inputs.find((o) => o.name === t.tensor)!
    if (of === t) continue
    const [mine, theirs] = [tensorAxes(t), tensorAxes(of)]
    mine.forEach((n, i) => {
      const [owner, other] = [ownerOf(likes, n), ownerOf(likes, theirs[i]!)]
      if (owner !== other) likes.set(owner === 'b' ? other : owner, owner === 'b' ? 'b' : other)
    })
  }
  const axes = { drafts, likes }
  tensors.forEach((t) => checkLower(P, t, axes, tensors, live))
  return axes
}
