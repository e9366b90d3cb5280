import type { Lowering } from '../context.ts'
import { at } from '../names.ts'
import { pruned } from './cuda_prune.ts'
import type { Cache } from './cuda_reduction_cache.ts'
import type { Plan } from './cuda_reduction_plan.ts'
import type { Steps, usesOf } from './cuda_reduction_steps.ts'

/** The coordinates of a group that each device function reads. */
export const groupLinesOf = (l: Lowering, { packed, walk, domain, outDomain }: Plan, { passes, place, value, sums }: Steps, { passUses, epilogue }: ReturnType<typeof usesOf>, { cacheDecode, firstBlock, slots }: Cache, partial: boolean, restLoops: readonly { readonly bound: string }[]) => {
  const needsCount = l.x.passes.some((p) => p.op !== 'sum')
  const read = (v: { readonly cached: boolean; readonly fixed: boolean }): boolean => !v.fixed && (!v.cached || slots > 0)
  const finishing = [place.index, ...place.guards, domain.steps, outDomain.steps, value, ...sums, ...epilogue.decode, ...epilogue.lane, ...epilogue.vectors.filter(read).map((v) => `${v.index} ${v.guard}`)]
  const walking = [...(partial ? [] : [domain.steps]), ...passUses.flatMap((u) => [...u.decode, ...u.lane, ...u.vectors.filter(read).map((v) => `${v.index} ${v.guard}`)]), ...passes.flatMap((p) => p.values.map((v) => v.text)), ...restLoops.map((r) => r.bound)]
  const allLines = [...(packed ? [] : ['const Seq& seq = g.seq;']), ...(l.batch === null || packed ? [] : [`const int ${at(l.batch)} = g.b;`]), 'const long long group = g.group;', 'unsigned rest = g.rest;', ...walk.head, ...walk.decode]
  const cacheLines = pruned(allLines, [...cacheDecode, ...firstBlock.map((v) => v.index)].join('\n'))
  const groupLines = pruned(allLines, (partial ? walking : [...walking, ...finishing]).join('\n'))
  const completeLines = pruned(allLines, [...finishing.filter((t) => t !== domain.steps || needsCount), ...restLoops.map((r) => r.bound)].join('\n'))
  return { cacheLines, groupLines, completeLines }
}
