import { readFileSync } from 'node:fs'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import { type Rng, rngOf } from '../verify/random/rng.ts'

/** The 610 history lengths of MovieLens latest-small, in user order. */
export const movieLensLengths = (): readonly number[] =>
  (JSON.parse(readFileSync(new URL('../data/movielens-small-history-lengths.json', import.meta.url), 'utf8')) as { lengths: number[] }).lengths

type Draw = (count: number, max: number, rng: Rng) => readonly number[]

const clip = (low: number, high: number) => (x: number): number => Math.min(Math.max(Math.round(x), low), high)
const times = (count: number, value: (i: number) => number): number[] => Array.from({ length: count }, (_, i) => value(i))

const shuffled = (values: readonly number[], rng: Rng): readonly number[] =>
  values.map((value) => ({ value, key: rng.next() })).sort((a, b) => a.key - b.key).map(({ value }) => value)

/** How the B lengths of a workload are drawn; `max` is its N. */
export const lengthKinds = Object.freeze({
  full: (count, max) => times(count, () => max),
  uniform: (count, max, rng) => times(count, () => rng.int(1, max)),
  longtail: (count, max, rng) => times(count, () => clip(1, max)((max / 16) * Math.exp(1.2 * rng.normal()))),
  nearfull: (count, max, rng) => times(count, () => rng.int(Math.floor(0.9 * max), max - 1)),
  zipf: (count, max, rng) => shuffled(times(count, (i) => clip(1, max)(max * (i + 1) ** -1.2)), rng),
  onegiant: (count, max, rng) => {
    const giant = rng.int(0, count - 1)
    return times(count, (i) => (i === giant ? max : rng.int(0, 2)))
  },
  movielens: (count, max) => {
    const histories = movieLensLengths()
    return times(count, (i) => Math.min(histories[i % histories.length]!, max))
  },
} as const satisfies Readonly<Record<string, Draw>>)

export type LengthKind = keyof typeof lengthKinds

/** B lengths of at most N; the same kind, sizes and seed give the same lengths. Throws SR7006 for an unknown kind. */
export const drawLengths = (kind: string, count: number, max: number, seed: number): readonly number[] => {
  const draw: Draw | undefined = Object.hasOwn(lengthKinds, kind) ? lengthKinds[kind as LengthKind] : undefined
  return (draw ?? fail('SR7006', { kind: 'kind of lengths', name: kind, known: Object.keys(lengthKinds).join(', ') }))(count, max, rngOf(seed, 'lengths', kind))
}

const pairs = (length: number): number => length * length

/**
 * Lengths with the same shape and less work: every k-th of the sorted lengths, in their given order, with the smallest k whose query-key pairs
 * (per head) fit `maxPairs`. All of them where they already fit; never fewer than one.
 */
export const thinLengths = (lengths: readonly number[], maxPairs: number): readonly number[] => {
  const order = lengths.map((length, index) => ({ length, index })).sort((a, b) => a.length - b.length || a.index - b.index)
  for (let step = 1; ; step++) {
    const kept = order.filter((_, rank) => rank % step === Math.floor(step / 2))
    if (kept.length <= 1 || kept.reduce((sum, k) => sum + pairs(k.length), 0) <= maxPairs) return (kept.length ? kept : order.slice(0, 1)).sort((a, b) => a.index - b.index).map((k) => k.length)
  }
}
