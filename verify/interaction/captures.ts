import type { NamedCapture } from '../../codegen/ir/algorithm.ts'
import type { Interaction } from '../../codegen/ir/interaction/index.ts'
import type { Rng } from '../random/rng.ts'

const fallback = { i32: [0, 12], f32: [0.1, 2] } as const
const TABLE = 16

const one = (c: NamedCapture, rng: Rng, whole: boolean): number => {
  const [low, high] = c.range ?? fallback[c.dtype]
  if (rng.chance(0.125) && !whole) return low
  return c.dtype === 'i32' ? rng.int(low, high) : whole ? Math.round(low + (high - low) * rng.next()) : Math.fround(low + (high - low) * rng.next())
}

const counts: Readonly<Record<string, (c: NamedCapture, sequences: number) => number>> = { perSequence: (_c, n) => n, table: (c) => c.length ?? TABLE }

/** A number for each scalar, an array for each perSequence and table capture, inside its range; whole numbers where the elements are, since a pad value is one of them. */
export const drawInteractionCaptures = (x: Interaction, sequences: number, rng: Rng, whole = false): Readonly<Record<string, number | Int32Array | Float32Array>> =>
  Object.fromEntries(x.captures.map((c) => {
    if (c.kind === 'scalar') return [c.name, one(c, rng, whole)]
    const values = Array.from({ length: counts[c.kind]!(c, sequences) }, () => one(c, rng, whole))
    return [c.name, c.dtype === 'i32' ? Int32Array.from(values) : Float32Array.from(values)]
  }))
