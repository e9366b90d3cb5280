import { analyseMask, type CaptureInput, mapTiles } from '../codegen/analyse/index.ts'
import type { Algorithm } from '../codegen/ir/algorithm.ts'
import type { TileMap } from './data.ts'

export interface TileMapOptions {
  readonly algorithm: Algorithm
  readonly lengths: readonly number[]
  readonly heads: number
  /** As at launch, for the whole batch. */
  readonly captures: Readonly<Record<string, CaptureInput>>
  readonly blockM: number
  readonly blockN: number
  /** Indices of the sequences to draw; default a spread of the lengths. */
  readonly picture?: readonly number[]
}

const DRAWN_PAIRS = 1.2e6

/** Indices of a spread of lengths, the longest that still leaves room for others first. */
export const spreadOf = (lengths: readonly number[], count = 12): readonly number[] => {
  const order = lengths.map((length, index) => ({ length, index })).filter((s) => s.length > 0 && s.length ** 2 <= DRAWN_PAIRS / 3).sort((a, b) => b.length - a.length || a.index - b.index)
  if (order.length <= count) return order.map((s) => s.index)
  const low = Math.log(order.at(-1)!.length)
  const high = Math.log(order[0]!.length)
  const picked = new Set<number>()
  for (let i = 0; i < count; i++) {
    const want = Math.exp(high - ((high - low) * i) / (count - 1))
    const near = order.filter((s) => !picked.has(s.index)).reduce((best, s) => (Math.abs(s.length - want) < Math.abs(best.length - want) ? s : best))
    picked.add(near.index)
  }
  return [...picked]
}

/** The tiles of a definition over a batch, as its kernels treat them (head 0): counts of all sequences, a picture of some. */
export const collectTileMap = ({ algorithm, lengths, heads, captures, blockM, blockN, picture = spreadOf(lengths) }: TileMapOptions): TileMap => {
  const analysis = analyseMask(algorithm)
  const maps = mapTiles(analysis, algorithm, { lengths, heads, captures, blockM, blockN })
  const counts = { executed: 0, full: 0, partial: 0, empty: 0 }
  for (const map of maps) for (const row of map) for (const c of row.classes) counts[c]++
  counts.executed = counts.full + counts.partial
  const longest = lengths.reduce((max, l) => Math.max(max, l), 0)
  return Object.freeze({
    kernel: algorithm.name, explanation: analysis.explanation, blockM, blockN, sequences: lengths.length, longest, counts,
    drawn: picture.map((b) => ({ length: lengths[b]!, rows: maps[b]!.map((row) => row.classes) })),
    padded: lengths.length * Math.ceil(longest / blockM) * Math.ceil(longest / blockN),
  })
}
