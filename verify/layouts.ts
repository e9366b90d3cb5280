import type { Algorithm } from '../codegen/ir/algorithm.ts'
import type { AttentionLayout } from '../codegen/ir/layout.ts'
import type { CaseShape } from './case.ts'
import { placements } from './place.ts'
import { rngOf } from './random/rng.ts'

const QUERY_ROWS = Object.freeze([1, 3, 16, 33])

/** A hook that reads a pair by position needs positions from 0. */
const anyAlign = ({ captures }: Algorithm): boolean => !captures.some((c) => c.kind === 'pair')

const rotated = (lengths: readonly number[], by: number): readonly number[] => [...lengths.slice(by), ...lengths.slice(0, by)]

/** A layout, head groups and placement drawn from a seed for lengths drawn before; half of the cases are plain self-attention. */
export const drawLayout = (seed: number, algorithm: Algorithm, shape: Pick<CaseShape, 'lengths' | 'heads'>, self = false): Partial<CaseShape> => {
  const rng = rngOf(seed, 'where', algorithm.name)
  if (rng.chance(0.5)) return {}
  const { lengths, heads } = shape
  const queries = self ? 'self' : rng.pick(['self', 'jagged', 'jagged', 'dense', 'dense', 'broadcast'] as const)
  const align = anyAlign(algorithm) ? rng.pick(['start', 'end'] as const) : 'start'
  const layout: Partial<AttentionLayout> = { queries, align, sharedKeys: !self && lengths.length > 0 && rng.chance(0.25) }
  return {
    layout,
    kvHeads: rng.pick(Array.from({ length: heads }, (_, i) => i + 1).filter((n) => heads % n === 0)),
    placement: rng.pick(placements),
    ...(queries === 'jagged' && lengths.length > 0 && { kvLengths: rotated(lengths, rng.int(0, lengths.length - 1)) }),
    ...((queries === 'dense' || queries === 'broadcast') && { queryRows: rng.pick(QUERY_ROWS) }),
  }
}
