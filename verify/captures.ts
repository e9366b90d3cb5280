import type { NamedCapture } from '../codegen/ir/algorithm.ts'
import type { CaptureArgument } from '../runtime/captures.ts'
import type { Rng } from './random/rng.ts'

/** Sizes that captures are drawn for. */
export interface DrawSizes {
  readonly heads: number
  readonly sequences: number
  readonly rows: number
  readonly end: number
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

const lengthOf = (c: NamedCapture, s: DrawSizes): number =>
  ({ scalar: 1, perHead: s.heads, perSequence: s.sequences, perToken: s.rows, table: (c.length ?? FALLBACK_TABLE) * (c.perHead ? s.heads : 1) })[c.kind]

/** Rows past the last offset hold what no hook may see. */
const unseen = { i32: 0x7fffffff, f32: NaN } as const

/** Draws every capture from its range hint; a default is taken one time in four. */
export const drawCaptures = (captures: readonly NamedCapture[], sizes: DrawSizes, rng: Rng): Readonly<Record<string, CaptureArgument>> => {
  const drawn: Record<string, CaptureArgument> = {}
  for (const c of captures) {
    if (c.default !== undefined && rng.chance(0.25)) continue
    if (c.kind === 'scalar') {
      drawn[c.name] = drawValue(c, rng)
      continue
    }
    const values = new (c.dtype === 'i32' ? Int32Array : Float32Array)(lengthOf(c, sizes))
    for (let i = 0; i < values.length; i++) values[i] = c.kind === 'perToken' && i >= sizes.end ? unseen[c.dtype] : drawValue(c, rng)
    drawn[c.name] = values
  }
  return drawn
}
