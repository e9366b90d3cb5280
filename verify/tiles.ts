import { analyseMask, type CaptureInput, countTiles, type TileCounts } from '../codegen/analyse/index.ts'
import type { Algorithm } from '../codegen/ir/algorithm.ts'
import { type KernelSource, tileQueries } from '../codegen/ir/manifest.ts'
import { readsHead } from '../codegen/ir/reads-head.ts'
import type { AttentionCase } from './case.ts'
import type { VerifyResult } from './result.ts'

const captured = (algorithm: Algorithm, drawn: AttentionCase): Readonly<Record<string, CaptureInput>> =>
  Object.fromEntries(algorithm.captures.flatMap((c) => {
    const value = drawn.inputs.captures?.[c.name]
    if (value === undefined) return []
    return [[c.name, c.kind === 'perToken' && ArrayBuffer.isView(value) ? value.subarray(0, drawn.offsets.at(-1)! * (c.columns ?? 1)) : value]]
  }))

/** What an instrumented kernel must count on a case, as the host's analysis says; undefined where tiles are not of one sequence and one mask. */
export const tilesOf = (algorithm: Algorithm, { manifest }: KernelSource, drawn: AttentionCase): TileCounts | undefined => {
  if (!manifest.instrument || manifest.pack || (manifest.gqa && readsHead(algorithm, algorithm.maskMod)) || drawn.rows === 0) return undefined
  const { blockN } = manifest
  const blockM = tileQueries(manifest, drawn.heads / drawn.kvHeads)
  return countTiles(analyseMask(algorithm), algorithm, { lengths: drawn.lengths, views: drawn.views, heads: drawn.heads, captures: captured(algorithm, drawn), blockM, blockN })
}

/** An instrumented kernel must load and skip masks for exactly the tiles that the host's analysis says; the difference in words, or nothing. */
export const tilesProblem = (algorithm: Algorithm, kernel: KernelSource, drawn: AttentionCase, result: VerifyResult): string | undefined => {
  const want = tilesOf(algorithm, kernel, drawn)
  const { executed, full } = result.paths
  return !want || (executed === want.executed && full === want.full) ? undefined : `the kernel loaded ${executed} key tiles, ${full} without the mask; the analysis says ${want.executed} and ${want.full}`
}
