import type { Algorithm } from '../codegen/ir/algorithm.ts'
import type { AttentionLayout, QueryLayout } from '../codegen/ir/layout.ts'
import type { CaseShape } from './case.ts'
import { placements } from './place.ts'
import { type Rng, rngOf } from './random/rng.ts'

const QUERY_ROWS = Object.freeze([1, 3, 16, 33])

/** A hook that reads a pair by position needs positions from 0. */
const anyAlign = ({ captures }: Algorithm): boolean => !captures.some((c) => c.kind === 'pair')

const rotated = (lengths: readonly number[], by: number): readonly number[] => [...lengths.slice(by), ...lengths.slice(0, by)]

/** What a kernel of some schedules asks of its launches: queries that lie one way only; heads that share keys. */
export interface LayoutNeeds { readonly queries?: QueryLayout; readonly grouped?: boolean }

/** A number of key heads; `grouped`: fewer than heads where that can be. */
const drawKvHeads = (rng: Rng, heads: number, grouped: boolean): number => {
  const divisors = Array.from({ length: heads }, (_, i) => i + 1).filter((n) => heads % n === 0)
  return rng.pick(grouped && divisors.length > 1 ? divisors.slice(0, -1) : divisors)
}

const whole = (queries: QueryLayout): AttentionLayout => ({ queries, align: 'start', sharedKeys: false })

/** A layout, head groups and placement drawn from a seed for lengths drawn before; four cases of ten are as the definition says. */
export const drawLayout = (seed: number, algorithm: Algorithm, shape: Pick<CaseShape, 'lengths' | 'heads'>, needs: LayoutNeeds = {}): Partial<CaseShape> => {
  const rng = rngOf(seed, 'where', algorithm.name)
  const { lengths, heads } = shape
  const grouped = needs.grouped === true && rng.chance(0.875)
  const kvHeads = drawKvHeads(rng, heads, grouped)
  if (rng.chance(0.4)) return { ...(needs.queries && { layout: whole(needs.queries) }), ...(grouped && { kvHeads }) }
  const queries = needs.queries ?? rng.pick(['self', 'jagged', 'jagged', 'dense', 'dense', 'broadcast'] as const)
  const align = anyAlign(algorithm) ? rng.pick(['start', 'end'] as const) : 'start'
  const layout: Partial<AttentionLayout> = { queries, align, sharedKeys: !needs.queries && lengths.length > 0 && rng.chance(0.25) }
  return {
    layout,
    kvHeads,
    placement: rng.pick(placements),
    ...(queries === 'jagged' && lengths.length > 0 && { kvLengths: rotated(lengths, rng.int(0, lengths.length - 1)) }),
    ...((queries === 'dense' || queries === 'broadcast') && { queryRows: rng.pick(QUERY_ROWS) }),
  }
}
