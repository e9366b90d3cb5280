import { axisOf, type GridFactor } from '../../../ir/interaction/index.ts'
import { type ScheduleValues, SUMS_ENTRY } from './types.ts'
import type { Lowering } from '../context.ts'
import { ceiled, itemFactors } from './cuda_grid.ts'
import { type Columns, MERGE_COLUMNS } from './cuda_reduction_columns.ts'
import type { Cache } from './cuda_reduction_cache.ts'
import type { Plan } from './cuda_reduction_plan.ts'
import type { Steps } from './cuda_reduction_steps.ts'

/** Items of a block that merges parts: few sequences have any. */
export const MERGED = 8

/** Whether groups are reduced in parts: ranges of a sum over all sequences, or rows of a long sequence. */
export const partsOf = (l: Lowering, { packed, axes, keepsReduced, walk, team, cluster }: Plan, { passes }: Steps, { threads, parts, split }: ScheduleValues) => {
  const { x } = l
  const single = cluster === 1 && x.passes.length === 1 && keepsReduced.length === 0 && team === threads && passes[0]!.values.every((v) => v.type === 'float')
  const fixed = (texts: readonly string[]): boolean => texts.every((t) => /^\d+$/.test(t))
  const inParts = single && packed !== undefined && parts! > 1 && fixed([...walk.tail, walk.groups.replace('(long long)', '').replace('ll', '')])
  const inSlots = single && packed === undefined && split! > 0 && walk.sequences === 'batch' && fixed(walk.tail) && axisOf(x, axes[0]!).kind === 'jagged' && !axisOf(x, axes[0]!).index && (axisOf(x, axes[0]!).batch ?? l.batch) === l.batch && axes.slice(1).every((a) => axisOf(x, a).kind === 'dense')
  const partial = inParts || inSlots
  const splitSegment = inSlots ? axisOf(x, axes[0]!).like : ''
  if (inSlots) { l.sources.add(`offsetWords:${splitSegment}`); l.segments.set(splitSegment, { name: splitSegment, kind: 'axis', row: splitSegment, column: splitSegment, batch: axisOf(x, axes[0]!).batch ?? 'b' }) }
  return { inParts, inSlots, partial, splitSegment }
}

export type Parts = ReturnType<typeof partsOf>

/** The header's sentence on who reduces a group. */
export const pathOf = (plan: Plan, cache: Cache, divided: Parts, columns: Columns | undefined, values: ScheduleValues): string =>
  `${groupPath(plan, cache, divided, values)}${plan.cluster > 1 ? `; a cluster of ${plan.cluster} blocks a group` : ''}${columns ? `; the columns of ${columns.per === 1 ? 'a group' : `${columns.per} groups`} are added up beside them` : ''}`

const groupPath = ({ kind, inner, vector, packed, axes, crossed, columns, team, cluster }: Plan, { keep, always, slots }: Cache, { inParts, inSlots }: Parts, { parts, split }: ScheduleValues): string =>
  inParts ? `sums over sequences: ${packed!.axis ? `packed rows of ${packed!.axis}` : 'sequences'} in ${parts} ranges, merged in order`
    : packed ? `sums over sequences: a block a group, ${packed.axis ? `packed rows of ${packed.axis}` : 'sequences'} spread over its threads`
    : kind === 'columns' ? `columns: ${columns} threads side by side along ${inner}, ${team / columns} along ${axes.join(', ')}${slots ? `; the first ${slots * (team / columns) * cluster} of a sequence stay in shared memory` : keep ? `; a sequence of up to ${keep * (team / columns) * cluster} stays in registers` : ''}${inSlots ? `; sequences of more than ${split} rows in parts, merged in order` : ''}`
      : crossed ? `columns of pairs: 32 groups side by side, ${team / 32} threads a group`
      : `rows: ${team} threads a group, vectors of ${vector}${inner ? ` along ${inner}` : ''}${always ? '; a row stays in registers' : slots ? `; the first ${slots * team * cluster} vectors stay in shared memory` : keep ? `; up to ${keep * team * cluster} vectors stay in registers` : ''}${inSlots ? `; sequences of more than ${split} rows in parts, merged in order` : ''}`

/** Blocks of each entry, as the launcher computes them. */
export const gridsOf = (l: Lowering, { walk, teams, slabs, cluster }: Plan, { rows }: Cache, { inParts, inSlots, splitSegment }: Parts, columns: Columns | undefined, { parts, split }: ScheduleValues) => {
  const counted = itemFactors(l, walk)
  const slabFactor: GridFactor = { kind: 'const', value: slabs }
  const grids: readonly (readonly ['reduce' | 'merge' | typeof SUMS_ENTRY, readonly GridFactor[]])[] = inParts ? [['reduce', [...counted, { kind: 'const', value: parts! }, slabFactor]], ['merge', [...counted, slabFactor]]]
    : inSlots ? [['reduce', [{ kind: 'tiles', segment: splitSegment, per: split! }, ...counted.slice(1), slabFactor]], ['merge', [{ kind: 'ceil', factors: [ceiled(counted, MERGED), slabFactor], per: 1, least: 0 }]]]
      : [['reduce', [{ kind: 'ceil', factors: [ceiled(counted, columns?.per ?? teams * rows), slabFactor], per: 1, least: 1 }, ...(cluster > 1 ? [{ kind: 'const' as const, value: cluster }] : [])]], ...(columns ? [[SUMS_ENTRY, [{ kind: 'const', value: Math.ceil(columns.width / MERGE_COLUMNS) }]] as const] : [])]
  return grids
}

/** Floats that hold the partial results. */
export const partialsOf = ({ width, slabs, columns, walk }: Plan, { passes }: Steps, { inParts, splitSegment }: Parts, { parts, split }: ScheduleValues): readonly GridFactor[] => {
  const partialColumns = passes[0]!.values.length * slabs * columns * width
  return inParts ? [{ kind: 'const', value: parts! * partialColumns * [...walk.tail, walk.groups.replace('(long long)', '').replace('ll', '')].reduce((a, t) => a * Number(t), 1) }]
    : [{ kind: 'tiles', segment: splitSegment, per: split! }, { kind: 'const', value: partialColumns * walk.tail.reduce((a, t) => a * Number(t), 1) }]
}
