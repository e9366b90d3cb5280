import { readFileSync } from 'node:fs'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import { drawLengths as drawSet, type LengthSetName } from '../verify/lengths.ts'
import { type Rng, rngOf } from '../verify/random/rng.ts'

/** The 610 history lengths of MovieLens latest-small, in user order. */
export const movieLensLengths = (): readonly number[] =>
  (JSON.parse(readFileSync(new URL('../data/movielens-small-history-lengths.json', import.meta.url), 'utf8')) as { lengths: number[] }).lengths

type Draw = (count: number, max: number, rng: Rng) => readonly number[]

const set = (name: LengthSetName): Draw => (sequences, maxLength, rng) => drawSet(name, rng, { sequences, maxLength })

/** How the B lengths of a workload are drawn; `max` is its N. */
export const lengthKinds = Object.freeze({
  full: set('full'),
  uniform: set('uniform'),
  longtail: set('longtail'),
  nearfull: set('nearfull'),
  zipf: set('zipf'),
  onegiant: set('onegiant'),
  movielens: (count, max) => {
    const histories = movieLensLengths()
    return Array.from({ length: count }, (_, i) => Math.min(histories[i % histories.length]!, max))
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
