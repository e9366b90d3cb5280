import type { Algorithm, Problem } from '../ir/algorithm.ts'
import type { QueryLayout } from '../ir/layout.ts'
import type { Schedule } from '../ir/schedule.ts'
import type { Facts, Limits, Template } from './types.ts'

/** What a planner may know of a launch: shapes and capacities, never the lengths. */
export interface ShapeFacts {
  readonly queries: QueryLayout
  readonly sequences: number
  readonly heads: number
  /** Absent: as many as heads. */
  readonly kvHeads?: number
  /** Query rows of out, all sequences together. */
  readonly rows: number
  readonly kvRows: number
  /** A bound of every sequence's length that the caller promises; absent: unknown. */
  readonly maxSeqLen?: number
}

/** A field that the shape decides, and why; `taken` false where the loop nest cannot run it. */
export interface Decision {
  readonly field: string
  readonly value: number
  readonly reason: string
  readonly taken: boolean
}

interface Sizes {
  readonly shape: ShapeFacts
  /** Heads that share a key head. */
  readonly group: number
  /** Whether they share query tiles. */
  readonly grouped: boolean
  readonly problem: Problem
  readonly facts: Facts
  readonly blockM: number
  readonly blockN: number
  /** Rows of a sequence if all had the same: capacity over sequences. */
  readonly mean: number
}

interface Rule {
  readonly field: string
  /** The value and the reason, or nothing where the rule says nothing. */
  readonly decide: (sizes: Sizes) => readonly [value: number, reason: string] | null
}

/** Workgroups below which a large GPU has idle processors: two for each of 132. */
const FILLS = 264
/** Key tiles that a part of a split must keep, so that the merge stays small beside it. */
const LEAST_TILES = 4
const MOST_PARTS = 16
/** Rows of a tile beyond which packing did not pay on an H100: sequences of 8 rows on average were 3.4 times as fast packed, of 32 rows slower. */
const MOST_PACKED = 64
/** From here on the longest sequence decides when the launch ends. */
const SKEW = 4
/** Mean rows and head dims up to which warpgroups with tiles of 64 rows of their own were faster on an H100. */
const OWN = Object.freeze({ softmax: { rows: 512, headDim: 64 }, byHead: { rows: 512, headDim: 64 }, pointwise: { rows: 1024, headDim: 64 } })

const workgroups = ({ shape, blockM, group, grouped }: Sizes): number => {
  const [queries, heads] = grouped ? [Math.max(1, Math.floor(blockM / group)), shape.heads / group] : [blockM, shape.heads]
  return (Math.floor(shape.rows / queries) + Math.min(shape.sequences, shape.rows)) * heads
}

/** The most query rows of a sequence, where the shape alone says so. */
const mostQueries = ({ shape: { queries, maxSeqLen }, mean }: Sizes): number | undefined => maxSeqLen ?? (queries === 'dense' || queries === 'broadcast' ? mean : undefined)

const rules: readonly Rule[] = [
  {
    field: 'pack',
    decide: ({ shape: { queries, maxSeqLen }, blockM: rows, mean }) => {
      if (queries !== 'self') return null
      const blockM = Math.min(rows, MOST_PACKED)
      if (maxSeqLen !== undefined && 2 * maxSeqLen <= blockM) return [1, `sequences of at most ${maxSeqLen} rows fill less than half of a tile of ${blockM}`]
      return 4 * mean <= blockM ? [1, `${Math.ceil(mean)} rows a sequence on average would leave most of a tile of ${blockM} empty`] : null
    },
  },
  {
    field: 'ownTiles',
    decide: ({ mean, problem: { headDim }, facts: { normalizer } }) => (mean <= OWN[normalizer].rows && headDim <= OWN[normalizer].headDim ? [1, `${Math.ceil(mean)} rows a sequence on average: 64 queries at a time leave less of a tile empty`] : null),
  },
  {
    field: 'gqa',
    decide: (sizes) => {
      const { group, blockM } = sizes
      const most = mostQueries(sizes)
      return group > 1 && most !== undefined && most * group <= blockM ? [1, `${group} heads share each key head, and query rows of a sequence (${Math.ceil(most)}) times those heads fit a tile of ${blockM}: keys are loaded once for all`] : null
    },
  },
  {
    field: 'split',
    decide: (sizes) => {
      const { shape, blockN } = sizes
      const groups = workgroups(sizes)
      const tiles = shape.kvRows / Math.max(1, shape.sequences) / blockN
      let parts = 1
      while (parts < MOST_PARTS && groups * parts < FILLS && tiles >= LEAST_TILES * 2 * parts) parts *= 2
      return parts > 1 && groups > 0 ? [parts, `${groups} workgroups would leave processors idle, and each has about ${Math.floor(tiles)} key tiles`] : null
    },
  },
  {
    field: 'order',
    decide: ({ shape: { maxSeqLen, sequences }, mean, blockM }) =>
      maxSeqLen !== undefined && sequences > 1 && maxSeqLen > blockM && maxSeqLen >= SKEW * mean ? [1, `a sequence may have ${maxSeqLen} rows where the average is ${Math.ceil(mean)}: the longest start first`] : null,
  },
]

interface Launch {
  readonly algorithm: Algorithm
  readonly problem: Problem
  readonly facts: Facts
  readonly limits: Limits
  readonly fixed?: readonly string[]
}

/** Replaces fields of a schedule as the shape asks; fields that the caller fixed stay. A field that the loop nest has not, or cannot take, is left alone and says so. */
export const applyRules = (template: Template, schedule: Schedule, shape: ShapeFacts, { algorithm, problem, facts, limits, fixed = [] }: Launch): { readonly schedule: Schedule; readonly decisions: readonly Decision[] } => {
  const { blockM, blockN } = template.numbers(schedule, problem, algorithm, facts)
  const group = shape.heads / (shape.kvHeads ?? shape.heads)
  const decisions: Decision[] = []
  let chosen = schedule
  for (const { field, decide } of rules) {
    if (!(field in template.space) || fixed.includes(field)) continue
    const mean = shape.rows / Math.max(1, shape.sequences)
    const decided = decide({ shape, group, grouped: chosen.values.gqa === 1, problem, facts, blockM, blockN, mean })
    if (!decided) continue
    const [value, reason] = decided
    const others = Object.entries(template.companions?.(field, problem, facts, mean) ?? {}).filter(([name]) => !fixed.includes(name))
    const next: Schedule = Object.freeze({ template: chosen.template, values: Object.freeze({ ...chosen.values, ...Object.fromEntries(others), [field]: value }) })
    const why = template.infeasible(next, problem, facts, limits)
    decisions.push({ field, value, reason: why ? `${reason}; not taken: ${why.message}` : reason, taken: why === null })
    if (!why) chosen = next
  }
  return { schedule: chosen, decisions }
}
