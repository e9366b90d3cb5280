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
  /** The longest sequence; default `end`. */
  readonly longest?: number
}

const fallbackRange = { i32: [0, 8], f32: [-1, 1] } as const
const FALLBACK_TABLE = 16

/** As many values below 4 as from 4 to 16, from 16 to 64, ...: a window or a prefix that cuts short and long sequences alike. */
const logUniform = (low: number, high: number, rng: Rng): number => Math.floor(low * ((high + 1) / low) ** rng.next())

/** One value of a capture's range. The ends come often; other whole numbers lean to those that matter to sequences of at most `longest` rows. */
const drawValue = (c: NamedCapture, rng: Rng, longest: number): number => {
  const [low, high] = c.range ?? fallbackRange[c.dtype]
  if (rng.chance(0.125)) return low
  if (rng.chance(0.125)) return high
  if (c.dtype === 'f32') return Math.fround(low + (high - low) * rng.next())
  const [least, most] = [Math.max(1, Math.ceil(low)), Math.min(Math.floor(high), 2 * longest)]
  return low >= 0 && most > least && rng.chance(0.5) ? logUniform(least, most, rng) : rng.int(Math.ceil(low), Math.floor(high))
}

const lengthOf: Readonly<Record<Exclude<NamedCapture['kind'], 'perToken' | 'pair'>, (c: NamedCapture, s: DrawSizes) => number>> = {
  scalar: () => 1,
  perHead: (_c, s) => s.heads,
  perSequence: (_c, s) => s.sequences,
  table: (c, s) => (c.length ?? FALLBACK_TABLE) * (c.perHead ? s.heads : 1),
}

/** Rows past the last offset hold what no hook may see. */
const unseen = { i32: 0x7fffffff, f32: NaN } as const

const drawArray = (c: NamedCapture, count: number, rng: Rng, longest: number, end = count): Int32Array | Float32Array => {
  const values = new (c.dtype === 'i32' ? Int32Array : Float32Array)(count)
  for (let i = 0; i < values.length; i++) values[i] = i >= end ? unseen[c.dtype] : drawValue(c, rng, longest)
  return values
}

const drawTokens = (c: NamedCapture, { rows, end }: { readonly rows: number; readonly end: number }, rng: Rng, longest: number): Int32Array | Float32Array =>
  drawArray(c, rows * (c.columns ?? 1), rng, longest, end * (c.columns ?? 1))

/** A square that holds the longest sequence (dense), or every sequence's own (jagged); one for all heads, or for each. */
const drawPair = (c: NamedCapture, s: DrawSizes, rng: Rng, longest: number): CaptureArgument => {
  const views = s.views ?? []
  const side = views.reduce((n, v) => Math.max(n, v.qLen, v.kvLen), 1)
  const arrays = c.perHead ? s.heads / rng.pick(Array.from({ length: s.heads }, (_, i) => i + 1).filter((n) => s.heads % n === 0)) : 1
  return c.layout === 'dense'
    ? { values: drawArray(c, s.sequences * arrays * side * side, rng, longest), rows: side, columns: side }
    : { values: drawArray(c, arrays * views.reduce((sum, v) => sum + v.qLen * v.kvLen, 0), rng, longest) }
}

const drawOne = (c: NamedCapture, s: DrawSizes, rng: Rng, longest: number): CaptureArgument => {
  if (c.kind === 'scalar') return drawValue(c, rng, longest)
  if (c.kind === 'pair') return drawPair(c, s, rng, longest)
  if (c.kind !== 'perToken') return drawArray(c, lengthOf[c.kind](c, s), rng, longest)
  return s.kv ? { q: drawTokens(c, s, rng, longest), kv: drawTokens(c, s.kv, rng, longest) } : drawTokens(c, s, rng, longest)
}

/** Draws every capture from its range hint; a default is taken one time in four. */
export const drawCaptures = (captures: readonly NamedCapture[], sizes: DrawSizes, rng: Rng): Readonly<Record<string, CaptureArgument>> => {
  const drawn: Record<string, CaptureArgument> = {}
  const { longest = sizes.end } = sizes
  for (const c of captures) {
    if (c.default !== undefined && rng.chance(0.25)) continue
    drawn[c.name] = drawOne(c, sizes, rng, longest)
  }
  return drawn
}
