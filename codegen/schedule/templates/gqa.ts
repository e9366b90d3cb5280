import type { Algorithm } from '../../ir/algorithm.ts'
import { readsHead } from '../../ir/reads-head.ts'
import type { Facts, Infeasible, SpaceField } from '../types.ts'

/** The field that every loop nest with such tiles has. */
export const GQA: SpaceField = Object.freeze({ values: [0, 1], tuned: false, about: '1: rows of a tile are (query, head) pairs of the heads that share a key head, so that keys are loaded once for all; for few queries' })

/** What tiles of a group's heads cannot be together with. */
export const checkGroups = ({ gqa, pack }: Readonly<Record<'gqa' | 'pack', number>>, { normalizer }: Pick<Facts, 'normalizer'>): Infeasible | null => {
  if (gqa === 0) return null
  if (pack === 1) return { reason: 'grouping', message: 'gqa=1 with pack=1: rows of a tile are the heads of one sequence, or rows of several sequences', fix: 'Use gqa=0 or pack=0' }
  return normalizer === 'byHead' ? { reason: 'grouping', message: 'gqa=1 puts several heads in one tile, and heads are normalised in different ways', fix: 'Use gqa=0' } : null
}

type Flags = Readonly<Record<string, boolean>>

/**
 * What tiles of a group's heads make of a kernel's hook flags. `own_rows`: hooks see a row's own head or sequence. `heads_mask`: the heads of a group
 * may keep different pairs, so that a tile is what they keep together; else the first head stands for all.
 */
export const groupFlags = (algorithm: Algorithm, { tileMode }: Pick<Facts, 'tileMode'>, { gqa, pack }: Readonly<Record<'gqa' | 'pack', number>>, hooks: Flags): Flags => {
  if (gqa === 0) return { gqa: false, own_rows: pack === 1, heads_mask: false }
  const classifies = tileMode === 'bounds' || tileMode === 'test'
  const heads_mask = readsHead(algorithm, algorithm.maskMod)
  return { gqa: true, own_rows: hooks.uses_q0!, heads_mask, uses_q0: classifies, uses_h: (classifies && !heads_mask) || algorithm.captures.some((c) => c.kind === 'perHead') }
}
