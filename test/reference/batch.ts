import type { Matrix } from './published.ts'

const wave = (seed: number): number => {
  const x = Math.sin(seed * 12.9898) * 43758.5453
  return 2 * (x - Math.floor(x)) - 1
}

/** A small packed batch with two heads, and a view of one sequence and head as a matrix. */
export const batchOf = (lengths: readonly number[], headDim: number, heads = 2, extraRows = 0) => {
  const seqOffsets = lengths.reduce<number[]>((o, l) => [...o, o.at(-1)! + l], [0])
  const rows = seqOffsets.at(-1)! + extraRows
  const size = rows * heads * headDim
  const make = (seed: number) => Float64Array.from({ length: size }, (_, i) => (i >= seqOffsets.at(-1)! * heads * headDim ? NaN : 2 * wave(seed + i)))
  const [q, k, v] = [make(1), make(7001), make(13001)]
  const matrix = (x: Float64Array, b: number, h: number): Matrix =>
    Array.from({ length: lengths[b]! }, (_, i) => Array.from({ length: headDim }, (_, d) => x[((seqOffsets[b]! + i) * heads + h) * headDim + d]!))
  return { lengths, headDim, heads, rows, seqOffsets, q: q!, k: k!, v: v!, matrix }
}
