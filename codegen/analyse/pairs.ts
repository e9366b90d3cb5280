import type { Algorithm } from '../ir/algorithm.ts'
import { topological } from '../ir/hook.ts'
import { prepare } from './compile.ts'
import { type Batch, leavesOf, viewsOf } from './launch.ts'

/** Keys [begin, end) that a row keeps, one after another. */
export type Runs = readonly (readonly [begin: number, end: number])[]

/** What the mask itself says, pair by pair: for each sequence the runs of kept keys of its query rows. A row without a position keeps none. */
export const mapPairs = (algorithm: Algorithm, batch: Batch, head = 0): readonly (readonly Runs[])[] => {
  const mask = algorithm.maskMod?.body
  const used = new Set(mask ? topological(mask).filter((e) => e.kind === 'capture' || e.kind === 'table').map((e) => e.name) : [])
  const leaves = leavesOf(algorithm, batch, used)
  const run = mask && prepare(mask)
  return viewsOf(batch).map(({ b, qLen, kvLen, position0, dropped }) => {
    const at = { q: 0, kv: 0 }
    const seen = leaves(b, head, at)
    const keeps = (row: number, kv: number): boolean => row >= dropped && (!run || (run(Object.assign(at, { q: row + position0, kv }) && seen)[0] as boolean))
    return Array.from({ length: qLen }, (_, row) => {
      const runs: [number, number][] = []
      for (let kv = 0; kv < kvLen; kv++) {
        if (!keeps(row, kv)) continue
        const last = runs.at(-1)
        if (last?.[1] === kv) last[1]++
        else runs.push([kv, kv + 1])
      }
      return runs
    })
  })
}
