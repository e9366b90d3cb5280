import { type Expr } from '../ir/hook.ts'
import type { SequenceView } from '../ir/layout.ts'
import type { LeavesOf } from './launch.ts'
import { prepare } from './compile.ts'
import { boundsOf, type BoxProver, classifyTile, type TileBox, type TileClass } from './tiles.ts'
import type { BoxTest, MaskAnalysis } from './types.ts'

/** The key tiles of one query tile, in order. */
export interface RowTiles { readonly q0: number; readonly q1: number; readonly classes: readonly TileClass[] }

/** The sequence and head whose tiles are asked for. */
export interface Classified {
  readonly b: number
  readonly h: number
  /** Keys. */
  readonly length: number
  /** Queries, position of the first, and those without a position; default as many as keys, from 0. */
  readonly view?: Pick<SequenceView, 'qLen' | 'position0' | 'dropped'>
  readonly blockM: number
  readonly blockN: number
  readonly leaves: LeavesOf
}

type Walk = (n: number, boxOf: (tile: number) => TileBox) => readonly TileClass[]

const prover = (test: BoxTest, cx: Classified): BoxProver => {
  const at = { q0: 0, q1: 0, kv0: 0, kv1: 0 }
  const leaves = cx.leaves(cx.b, cx.h, at)
  const asker = (e: Expr) => {
    const run = prepare(e)
    return (box: TileBox): boolean => run((Object.assign(at, box), leaves))[0] as boolean
  }
  return { always: asker(test.always), never: asker(test.never) }
}

const keeper = (mask: Expr, cx: Classified) => {
  const at = { q: 0, kv: 0 }
  const run = prepare(mask), leaves = cx.leaves(cx.b, cx.h, at)
  return (q: number, kv: number): boolean => run((Object.assign(at, { q, kv }), leaves))[0] as boolean
}

const boundsWalk = (analysis: MaskAnalysis, cx: Classified): Walk => {
  const rising = analysis.rising && prover(analysis.rising, cx), falling = analysis.falling && prover(analysis.falling, cx)
  const monotone = analysis.monotoneOk && prover({ always: analysis.monotoneOk, never: analysis.monotoneOk }, cx).always
  return (n, boxOf) => {
    const { begin, fullBegin, fullEnd, end } = boundsOf(n, boxOf, rising, falling, monotone ? monotone({ ...boxOf(0), kv0: 0, kv1: cx.length - 1 }) : true)
    return Array.from({ length: n }, (_, t) => (t < begin || t >= end ? 'empty' : t >= fullBegin && t < fullEnd ? 'full' : 'partial'))
  }
}

const each = (classOf: (box: TileBox) => TileClass): Walk => (n, boxOf) => Array.from({ length: n }, (_, t) => classOf(boxOf(t)))

const walks: Readonly<Record<MaskAnalysis['mode'], (analysis: MaskAnalysis, mask: Expr | undefined, cx: Classified) => Walk>> = {
  all: () => each(() => 'full'),
  masked: () => each(() => 'partial'),
  bounds: (analysis, _mask, cx) => boundsWalk(analysis, cx),
  test: (analysis, mask, cx) => {
    const test = prover({ always: analysis.always!, never: analysis.never! }, cx), keep = keeper(mask!, cx)
    return each((box) => classifyTile(test, keep, box))
  },
}

/** The class of every tile of one sequence and head, as its kernel treats it: one row a query tile. `mask` is the body of the hook. */
export const classifyTiles = (analysis: MaskAnalysis, mask: Expr | undefined, cx: Classified): readonly RowTiles[] => {
  const walk = walks[analysis.mode](analysis, mask, cx)
  const keyTiles = Math.ceil(cx.length / cx.blockN)
  const { qLen, position0, dropped } = cx.view ?? { qLen: cx.length, position0: 0, dropped: 0 }
  return Array.from({ length: Math.ceil((qLen - dropped) / cx.blockM) }, (_, m) => {
    const row = dropped + m * cx.blockM
    const q0 = row + position0, q1 = Math.min(row + cx.blockM, qLen) - 1 + position0
    const boxOf = (t: number): TileBox => ({ q0, q1, kv0: t * cx.blockN, kv1: Math.min((t + 1) * cx.blockN, cx.length) - 1 })
    return { q0, q1, classes: walk(keyTiles, boxOf) }
  })
}
