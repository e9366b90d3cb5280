/** What a tile (clipped to its sequence) is under the mask: no pair kept, some, all. */
export type TileClass = 'empty' | 'partial' | 'full'

/** Corners, inclusive. */
export interface TileBox { readonly q0: number; readonly q1: number; readonly kv0: number; readonly kv1: number }

/** A box test of the analysis, as the kernel calls it. Both false: not proven. */
export interface BoxProver {
  always(box: TileBox): boolean
  never(box: TileBox): boolean
}

/** Boxes looked at before an unresolved tile is taken as partial. */
export const BISECT_BUDGET = 64
/** Halvings that bring a 128 x 128 tile down to single pairs. The stack holds one box more. */
export const BISECT_DEPTH = 14

/** Key tiles [begin, end) are loaded; of these [fullBegin, fullEnd) run without the mask. */
export interface TileBounds { readonly begin: number; readonly fullBegin: number; readonly fullEnd: number; readonly end: number }

/** The first of 0..n-1 that holds, n if none; `holds` must not turn false again. */
export const firstWhere = (n: number, holds: (i: number) => boolean): number => {
  let lo = 0, hi = n
  while (lo < hi) {
    const mid = (lo + hi) >>> 1
    if (holds(mid)) hi = mid
    else lo = mid + 1
  }
  return lo
}

/**
 * Mode `bounds`: one query tile's loop bounds over `n` key tiles. `boxOf(t)` is key tile t with these queries, clipped to the sequence. `monotone`:
 * the analysis's monotoneOk for these rows (true if it has none). An absent part counts as always true.
 */
export const boundsOf = (n: number, boxOf: (tile: number) => TileBox, rising: BoxProver | undefined, falling: BoxProver | undefined, monotone: boolean): TileBounds => {
  if (!monotone) return { begin: 0, fullBegin: n, fullEnd: n, end: n }
  const begin = rising ? firstWhere(n, (t) => !rising.never(boxOf(t))) : 0
  const end = Math.max(begin, falling ? firstWhere(n, (t) => falling.never(boxOf(t))) : n)
  const risen = rising ? firstWhere(n, (t) => rising.always(boxOf(t))) : 0
  const fallen = falling ? firstWhere(n, (t) => !falling.always(boxOf(t))) : n
  const fullBegin = Math.min(Math.max(risen, begin), end)
  return { begin, fullBegin, fullEnd: Math.max(fullBegin, Math.min(fallen, end)), end }
}

/** Rows if both outer rows are proven (a cut along kv cannot help), else columns likewise, else the longer side. */
const splitsRows = (proven: (box: TileBox) => boolean, { q0, q1, kv0, kv1 }: TileBox): boolean => {
  if (q0 === q1) return false
  if (kv0 === kv1) return true
  if (proven({ q0, q1: q0, kv0, kv1 }) && proven({ q0: q1, q1, kv0, kv1 })) return true
  if (proven({ q0, q1, kv0, kv1: kv0 }) && proven({ q0, q1, kv0: kv1, kv1 })) return false
  return q1 - q0 >= kv1 - kv0
}

/**
 * Mode `test`: a tile's class. Boxes come off a stack; a proven box says what its pairs are, an open one asks the mask itself at its corners and is
 * halved. As soon as a kept and a dropped pair are both known the tile is partial; so is a tile that the budget or the stack cannot settle.
 */
export const classifyTile = (test: BoxProver, keep: (q: number, kv: number) => boolean, tile: TileBox): TileClass => {
  const proven = (box: TileBox): boolean => test.always(box) || test.never(box)
  const stack: TileBox[] = [tile]
  let kept = false, dropped = false
  for (let budget = BISECT_BUDGET; stack.length > 0; budget--) {
    if (budget === 0) return 'partial'
    const box = stack.pop()!
    const { q0, q1, kv0, kv1 } = box
    const full = test.always(box), empty = test.never(box)
    if (full) kept = true
    else if (empty) dropped = true
    else {
      for (const one of [keep(q0, kv0), keep(q0, kv1), keep(q1, kv0), keep(q1, kv1)]) {
        if (one) kept = true
        else dropped = true
      }
    }
    if (kept && dropped) return 'partial'
    if (full || empty || (q0 === q1 && kv0 === kv1)) continue
    if (stack.length + 2 > BISECT_DEPTH + 1) return 'partial'
    if (splitsRows(proven, box)) {
      const mid = (q0 + q1) >>> 1
      stack.push({ q0: mid + 1, q1, kv0, kv1 }, { q0, q1: mid, kv0, kv1 })
    } else {
      const mid = (kv0 + kv1) >>> 1
      stack.push({ q0, q1, kv0: mid + 1, kv1 }, { q0, q1, kv0, kv1: mid })
    }
  }
  return kept ? 'full' : 'empty'
}
