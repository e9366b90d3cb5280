import type { NamedCapture } from '../codegen/ir/algorithm.ts'
import type { SequenceView } from '../codegen/ir/layout.ts'
import type { CaptureArgument } from '../runtime/captures.ts'
import type { Rng } from './random/rng.ts'

/** Sizes that captures are drawn for. */
export interface DrawSizes {
  readonly heads: number
  readonly sequences: number
  readonly rows: number
  readonly end: number
  /** Where keys have rows of their own: theirs. A perToken capture is then drawn for both sides. */
  readonly kv?: { readonly rows: number; readonly end: number }
  /** Needed for pair captures. */
  readonly views?: readonly SequenceView[]
}

const fallbackRange = { i32: [0, 8], f32: [-1, 1] } as const
const FALLBACK_TABLE = 16

/** One value of a capture's range; the ends come often, an i32 range's often enough to be met in a small batch. */
const drawValue = (c: NamedCapture, rng: Rng): number => {
  const [low, high] = c.range ?? fallbackRange[c.dtype]
  if (rng.chance(0.125)) return low
  if (rng.chance(0.125)) return high
  return c.dtype === 'i32' ? rng.int(Math.ceil(low), Math.floor(high)) : Math.fround(low + (high - low) * rng.next())
}

const lengthOf: Readonly<Record<Exclude<NamedCapture['kind'], 'perToken' | 'pair'>, (c: NamedCapture, s: DrawSizes) => number>> = {
  scalar: () => 1,
  perHead: (_c, s) => s.heads,
  perSequence: (_c, s) => s.sequences,
  table: (c, s) => (c.length ?? FALLBACK_TABLE) * (c.perHead ? s.heads : 1),
}

/** Rows past the last offset hold what no hook may see. */
const unseen = { i32: 0x7fffffff, f32: NaN } as const

const drawArray = (c: NamedCapture, count: number, rng: Rng, end = count): Int32Array | Float32Array => {
  const values = new (c.dtype === 'i32' ? Int32Array : Float32Array)(count)
  for (let i = 0; i < values.length; i++) values[i] = i >= end ? unseen[c.dtype] : drawValue(c, rng)
  return values
}

const drawTokens = (c: NamedCapture, { rows, end }: { readonly rows: number; readonly end: number }, rng: Rng): Int32Array | Float32Array =>
  drawArray(c, rows * (c.columns ?? 1), rng, end * (c.columns ?? 1))

/** A square that holds the longest sequence (dense), or every sequence's own (jagged); one for all heads, or for each. */
const drawPair = (c: NamedCapture, s: DrawSizes, rng: Rng): CaptureArgument => {
  const views = s.views ?? []
  const side = views.reduce((n, v) => Math.max(n, v.qLen, v.kvLen), 1)
  const arrays = c.perHead ? s.heads / rng.pick(Array.from({ length: s.heads }, (_, i) => i + 1).filter((n) => s.heads % n === 0)) : 1
  return c.layout === 'dense'
    ? { values: drawArray(c, s.sequences * arrays * side * side, rng), rows: side, columns: side }
    : { values: drawArray(c, arrays * views.reduce((sum, v) => sum + v.qLen * v.kvLen, 0), rng) }
}

const drawOne = (c: NamedCapture, s: DrawSizes, rng: Rng): CaptureArgument => {
  if (c.kind === 'scalar') return drawValue(c, rng)
  if (c.kind === 'pair') return drawPair(c, s, rng)
  if (c.kind !== 'perToken') return drawArray(c, lengthOf[c.kind](c, s), rng)
  return s.kv ? { q: drawTokens(c, s, rng), kv: drawTokens(c, s.kv, rng) } : drawTokens(c, s, rng)
}

/** Draws every capture from its range hint; a default is taken one time in four. */
export const drawCaptures = (captures: readonly NamedCapture[], sizes: DrawSizes, rng: Rng): Readonly<Record<string, CaptureArgument>> => {
  const drawn: Record<string, CaptureArgument> = {}
  for (const c of captures) {
    if (c.default !== undefined && rng.chance(0.25)) continue
    drawn[c.name] = drawOne(c, sizes, rng)
  }
  return drawn
}
