import type { NamedCapture } from '../codegen/ir/algorithm.ts'
import type { CaptureArgument } from '../runtime/captures.ts'
import type { Rng } from './random/rng.ts'

/** Sizes that captures are drawn for. */
export interface DrawSizes {
  readonly heads: number
  readonly sequences: number
  readonly rows: number
  readonly end: number
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

const lengthOf = (c: NamedCapture, s: DrawSizes): number =>
  ({ scalar: 1, perHead: s.heads, perSequence: s.sequences, perToken: s.rows, table: (c.length ?? FALLBACK_TABLE) * (c.perHead ? s.heads : 1) })[c.kind]

/** Rows past the last offset hold what no hook may see. */
const unseen = { i32: 0x7fffffff, f32: NaN } as const

/** Draws every capture from its range hint; a default is taken one time in four. */
export const drawCaptures = (captures: readonly NamedCapture[], sizes: DrawSizes, rng: Rng): Readonly<Record<string, CaptureArgument>> => {
  const drawn: Record<string, CaptureArgument> = {}
  const { longest = sizes.end } = sizes
  for (const c of captures) {
    if (c.default !== undefined && rng.chance(0.25)) continue
    if (c.kind === 'scalar') {
      drawn[c.name] = drawValue(c, rng, longest)
      continue
    }
    const values = new (c.dtype === 'i32' ? Int32Array : Float32Array)(lengthOf(c, sizes))
    for (let i = 0; i < values.length; i++) values[i] = c.kind === 'perToken' && i >= sizes.end ? unseen[c.dtype] : drawValue(c, rng, longest)
    drawn[c.name] = values
  }
  return drawn
}
