import type { Algorithm } from '../ir/algorithm.ts'
import { fail } from '../ir/diagnostics/index.ts'
import { topological } from '../ir/hook.ts'
import { classifyTiles, type RowTiles } from './classify.ts'
import { type Batch, leavesOf, viewsOf } from './launch.ts'
import type { MaskAnalysis } from './types.ts'

export interface TileProblem extends Batch {
  readonly blockM: number
  readonly blockN: number
}

/** Key tiles summed over query tiles. `executed` = `full` + `partial`: what an instrumented kernel counts (for head 0). */
export interface TileCounts { readonly executed: number; readonly full: number; readonly partial: number; readonly empty: number }

const whole = (what: string, value: number, least: number): void => {
  if (!Number.isInteger(value) || value < least || value > 2147483646) fail('SR2004', { what, value })
}

const check = ({ lengths, heads, blockM, blockN }: TileProblem): void => {
  whole('heads', heads, 1)
  whole('blockM', blockM, 1)
  whole('blockN', blockN, 1)
  for (let b = 0; b < lengths.length; b++) whole(`lengths[${b}]`, lengths[b]!, 0)
}

const usedCaptures = (algorithm: Algorithm): ReadonlySet<string> =>
  new Set(algorithm.maskMod ? topological(algorithm.maskMod.body).filter((e) => e.kind === 'capture' || e.kind === 'table').map((e) => e.name) : [])

/** Tile maps of a batch for one head, a sequence each: for counts and for pictures. Captures as at launch. */
export const mapTiles = (analysis: MaskAnalysis, algorithm: Algorithm, problem: TileProblem, head = 0): readonly (readonly RowTiles[])[] => {
  check(problem)
  const leaves = leavesOf(algorithm, problem, usedCaptures(algorithm))
  const { blockM, blockN } = problem
  return viewsOf(problem).map((view) => classifyTiles(analysis, algorithm.maskMod?.body, { b: view.b, h: head, length: view.kvLen, view, blockM, blockN, leaves }))
}

const tally = (maps: readonly (readonly RowTiles[])[]): TileCounts => {
  const counts = { full: 0, partial: 0, empty: 0 }
  for (const map of maps) for (const row of map) for (const c of row.classes) counts[c]++
  return Object.freeze({ executed: counts.full + counts.partial, ...counts })
}

/** Counts of a batch for one head (0: what an instrumented kernel reports). */
export const countTiles = (analysis: MaskAnalysis, algorithm: Algorithm, problem: TileProblem, head = 0): TileCounts =>
  tally(mapTiles(analysis, algorithm, problem, head))
