import type { Rng } from './random/rng.ts'

/** How many sequences, how long at most, and the tile that edges are made around. */
export interface LengthSize {
  readonly sequences: number
  readonly maxLength: number
  readonly tile?: number
}

type Draw = (rng: Rng, size: LengthSize) => readonly number[]

const times = (n: number, f: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => f(i))
const clip = (x: number, max: number): number => Math.max(0, Math.min(max, Math.round(x)))

const shuffled = (rng: Rng, items: readonly number[]): number[] => {
  const out = [...items]
  for (let i = out.length - 1; i > 0; i--) {
    const j = rng.int(0, i)
    ;[out[i], out[j]] = [out[j]!, out[i]!]
  }
  return out
}

const uniform: Draw = (rng, { sequences, maxLength }) => times(sequences, () => rng.int(1, Math.max(1, maxLength)))
const withEmpty = (at: (i: number, n: number) => boolean): Draw => (rng, size) => uniform(rng, size).map((l, i) => (at(i, size.sequences) ? 0 : l))

/** Sets of sequence lengths by name: the edges that kernels get wrong, and the mixes that workloads have. */
export const lengthSets = Object.freeze({
  none: () => [],
  allEmpty: (_rng, { sequences }) => times(sequences, () => 0),
  emptyFirst: withEmpty((i) => i === 0),
  emptyLast: withEmpty((i, n) => i === n - 1),
  emptyBoth: withEmpty((i, n) => i === 0 || i === n - 1),
  emptyRun: withEmpty((i, n) => i > 0 && i < n - 1),
  ones: (_rng, { sequences }) => times(sequences, () => 1),
  tiny: (rng, { sequences }) => times(sequences, () => rng.int(0, 2)),
  tileEdges: (rng, { sequences, maxLength, tile = 16 }) => times(sequences, () => clip(rng.int(1, Math.max(1, Math.floor(maxLength / tile))) * tile + rng.int(-1, 1), maxLength)),
  full: (_rng, { sequences, maxLength }) => times(sequences, () => maxLength),
  uniform,
  uniformFromZero: (rng, { sequences, maxLength }) => times(sequences, () => rng.int(0, maxLength)),
  nearfull: (rng, { sequences, maxLength }) => times(sequences, () => rng.int(Math.ceil(0.9 * maxLength), Math.max(Math.ceil(0.9 * maxLength), maxLength - 1))),
  longtail: (rng, { sequences, maxLength }) => times(sequences, () => Math.max(1, clip((maxLength / 16) * Math.exp(1.2 * rng.normal()), maxLength))),
  zipf: (rng, { sequences, maxLength }) => shuffled(rng, times(sequences, (i) => Math.max(1, clip(maxLength * (i + 1) ** -1.2, maxLength)))),
  onegiant: (rng, { sequences, maxLength }) => {
    const giant = rng.int(0, Math.max(0, sequences - 1))
    return times(sequences, (i) => (i === giant ? maxLength : rng.int(0, 2)))
  },
} as const satisfies Readonly<Record<string, Draw>>)

export type LengthSetName = keyof typeof lengthSets
export const lengthSetNames = Object.freeze(Object.keys(lengthSets) as LengthSetName[])

export const drawLengths = (name: LengthSetName, rng: Rng, size: LengthSize): readonly number[] => (lengthSets[name] as Draw)(rng, size)
