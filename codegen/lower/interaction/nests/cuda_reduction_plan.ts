import { axisOf, tensorAxes } from '../../../ir/interaction/index.ts'
import { powerUpTo } from './powers.ts'
import type { ScheduleValues } from './types.ts'
import { type Lowering, staticSize } from '../context.ts'
import { at } from '../names.ts'
import { type Domain, domainOf, reducedAxes, sequencesDomain } from './cuda_domain.ts'
import { groupsOf, isColumnOf, shapeOf, VECTORS_OF_A_LANE } from './cuda_reduction_shape.ts'
import { walkOf } from './cuda_walk.ts'

/** What is walked, and which threads of a block share a group. */
export const planOf = (l: Lowering, { threads, lanes, cluster }: ScheduleValues) => {
  const { x } = l
  const shape = shapeOf(l)
  const { kind, inner, vector } = shape
  const start = inner === undefined ? '' : at(inner)
  const size = inner === undefined ? 1 : staticSize(l, inner)!
  const walk = walkOf(l, groupsOf(x, kind === 'columns' ? inner : undefined), 1)
  const overSequences = x.reduced.some((a) => axisOf(x, a).kind === 'batch')
  const packed = overSequences ? sequencesDomain(l) : undefined
  const axes = reducedAxes(x)
  const keepsReduced = tensorAxes(x.output).filter((a) => x.reduced.includes(a))
  const rowInner = kind === 'rows' ? inner : undefined
  const domain: Domain = packed ? domainOf(l, [], undefined, 1, false) : domainOf(l, axes, rowInner, vector, false)
  const outDomain = domainOf(l, keepsReduced, rowInner !== undefined && keepsReduced.includes(rowInner) ? rowInner : undefined, vector, x.output.storage === 'dense')

  // Who shares a group: lanes side by side along columns, and threads along the reduced axes.
  const crossed = kind === 'rows' && inner === undefined && walk.sequences === 'search' && !packed && isColumnOf(x, groupsOf(x, undefined))
  const columns = kind === 'columns' ? Math.min(walk.sequences === 'search' ? 32 : lanes!, powerUpTo(size / vector)) : crossed ? 32 : 1
  const known = kind === 'rows' && !packed ? domain.known : undefined
  const wide = x.sums !== undefined && known !== undefined && known > 32 * VECTORS_OF_A_LANE
  const team = wide ? threads! : known !== undefined && known <= 32 * 8 ? Math.min(32, powerUpTo(known)) : !crossed && walk.sequences === 'search' ? (columns >= 8 ? columns : 32) : threads!
  const slabs = kind === 'columns' ? Math.max(1, Math.ceil(size / vector / columns)) : 1
  const sameWalk = keepsReduced.length === 0 || outDomain.steps === domain.steps && outDomain.decode.join() === domain.decode.join()
  const search = walk.sequences === 'search'
  const width = kind === 'columns' ? vector : 1
  // A thread that adds up columns has the same ones in every step.
  const vectors = size / vector
  const stride = x.sums && kind === 'rows' && axes.length > 1 && vectors <= team ? team - (team % vectors) : team / columns
  return { kind, inner, vector, start, size, walk, packed, axes, keepsReduced, rowInner, domain, outDomain, sameWalk, crossed, columns, known, team, slabs, search, width, vectors, stride, cluster: cluster!, block: team > 32, teams: crossed ? 32 : threads! / team }
}

export type Plan = ReturnType<typeof planOf>
