import type { Algorithm } from '../ir/algorithm.ts'
import { diagnostic } from '../ir/diagnostics/index.ts'
import { type Expr, topological } from '../ir/hook.ts'
import { type Conjunct, conjunctsOf } from './conjuncts.ts'
import { flip } from './direction.ts'
import { explainAll, explainBounds, explainMasked, explainTest } from './explain.ts'
import { Fold } from './fold.ts'
import { boundNames, labelled } from './label.ts'
import { type Box, rangesOf, tileBox } from './ranges.ts'
import type { BoolRange, BoxTest, MaskAnalysis, Range } from './types.ts'

export { countTiles, mapTiles, type TileCounts, type TileProblem } from './count.ts'
export { drawTiles } from './draw.ts'
export { type Classified, classifyTiles, type RowTiles } from './classify.ts'
export { type Batch, type CaptureInput, leavesOf, type LeavesOf, viewsOf } from './launch.ts'
export { mapPairs, type Runs } from './pairs.ts'
export { keyRanges, type KeyRange } from './keys.ts'
export { plainMask, type PlainMask } from './plain.ts'
export * from './tiles.ts'
export type { BoxTest, MaskAnalysis } from './types.ts'

const isConst = (e: Expr, value: boolean): boolean => e.kind === 'const' && e.value === value
const provable = (t: BoxTest): boolean => !isConst(t.always, false) || !isConst(t.never, false)

const rowBox = (fold: Fold): Box => ({ ...tileBox(fold), kv0: fold.int(0), kv1: fold.sub(fold.builder.param('i32', 'kvLen'), fold.int(1)) })

const boolOf = (ranges: ReadonlyMap<Expr, Range>, { expr, negated }: Conjunct): BoolRange => {
  const r = ranges.get(expr) as BoolRange
  return negated ? { type: 'bool', always: r.never, never: r.always, direction: flip(r.direction) } : r
}

const conjunction = (fold: Fold, parts: readonly BoxTest[], complete: boolean): BoxTest =>
  ({ always: complete ? fold.and(...parts.map((p) => p.always)) : fold.no, never: fold.or(...parts.map((p) => p.never)) })

/** What corners alone prove of a mask's tiles. */
export const boxTest = (mask: Expr): BoxTest => {
  const fold = new Fold()
  const { ranges } = rangesOf(fold, tileBox(fold), mask)
  const { always, never } = ranges.get(mask) as BoolRange
  const names = boundNames(ranges)
  return { always: labelled(always, names), never: labelled(never, names) }
}

/** Proves which tiles of a mask are empty or full, over the mask as it wraps in i32; what cannot be proven is left to the kernel's own evaluation. */
export const analyseMask = (algorithm: Algorithm): MaskAnalysis => {
  const mask = algorithm.maskMod
  if (!mask) return Object.freeze({ mode: 'all', explanation: explainAll(), notes: [] })
  const fold = new Fold()
  const { ranges } = rangesOf(fold, tileBox(fold), mask.body)
  const { always, never } = ranges.get(mask.body) as BoolRange
  if (isConst(always, true)) return Object.freeze({ mode: 'all', explanation: explainAll(), notes: [] })

  const names = boundNames(ranges)
  const named = (e: Expr): Expr => labelled(e, names)
  const namedTest = (t: BoxTest): BoxTest => ({ always: named(t.always), never: named(t.never) })
  const parts = conjunctsOf(mask.body).map((conjunct) => ({ conjunct, range: boolOf(ranges, conjunct) }))
  const known = parts.filter((p) => provable(p.range))
  const unproven = parts.filter((p) => !provable(p.range)).map((p) => p.conjunct)
  const notes = isConst(never, true) ? [diagnostic('SR2002', { name: algorithm.name }, mask.span)] : []

  if (known.length > 0 && known.every((p) => p.range.direction !== 'none')) {
    const up = known.filter((p) => p.range.direction === 'up')
    const down = known.filter((p) => p.range.direction !== 'up')
    const { checks } = rangesOf(fold, rowBox(fold), ...known.map((p) => p.conjunct.expr))
    const complete = unproven.length === 0
    return Object.freeze({
      mode: 'bounds', ...namedTest({ always: complete ? always : fold.no, never }),
      ...(up.length > 0 && { rising: namedTest(conjunction(fold, up.map((p) => p.range), complete)) }),
      ...(down.length > 0 && { falling: namedTest(conjunction(fold, down.map((p) => p.range), complete)) }),
      ...(checks.length > 0 && { monotoneOk: fold.and(...checks) }),
      explanation: explainBounds(up.map((p) => p.conjunct), down.map((p) => p.conjunct), unproven, checks.length), notes,
    })
  }
  if (provable({ always, never })) return Object.freeze({ mode: 'test', ...namedTest({ always, never }), explanation: explainTest(unproven), notes })
  const why = topological(mask.body).find((e) => e.kind === 'table' || e.kind === 'capture')
  return Object.freeze({ mode: 'masked', explanation: explainMasked(mask.body), notes: [...notes, diagnostic('SR2001', { name: algorithm.name }, why?.span ?? mask.span)] })
}
