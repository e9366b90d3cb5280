import fc from 'fast-check'
import type { Dtype } from '../codegen/ir/algorithm.ts'
import type { CaseShape } from './case.ts'
import { drawLengths, lengthSetNames } from './lengths.ts'
import { definitionFrom, type RandomDefinition } from './random/definition.ts'
import { type Rng, rngFrom, rngOf } from './random/rng.ts'

/** Head dims that every suite must meet. */
export const alwaysDims = Object.freeze([1, 8, 16, 24, 32, 64, 96, 128])

export const headDims = (max = 128): fc.Arbitrary<number> => fc.oneof(fc.constantFrom(...alwaysDims.filter((d) => d <= max)), fc.integer({ min: 1, max }))

export const headCounts: fc.Arbitrary<number> = fc.oneof(fc.constantFrom(1, 2, 3), fc.integer({ min: 1, max: 6 }))

export const seeds: fc.Arbitrary<number> = fc.nat(0x7fffffff)

export interface LengthOptions {
  /** Edges are drawn around multiples of both tiles. */
  readonly blockM?: number
  readonly blockN?: number
  /** Longest sequence. */
  readonly maxLength?: number
  readonly maxSequences?: number
  /** Largest sum of lengths. */
  readonly maxTokens?: number
}

/** Cuts a set of lengths where its sum reaches `total`. */
const capped = (lengths: readonly number[], total: number): readonly number[] => {
  let left = total
  return lengths.map((l) => {
    const kept = Math.min(l, left)
    left -= kept
    return kept
  })
}

const around = (tile: number): readonly number[] => [tile - 1, tile, tile + 1, 2 * tile - 1, 2 * tile, 2 * tile + 1]

/** Sets of lengths: the named ones, and lists around 0, 1 and tile ± 1 that shrink to few and short sequences. */
export const lengthsArbitrary = ({ blockM = 16, blockN = 16, maxTokens = 320, maxSequences = 7, ...more }: LengthOptions = {}): fc.Arbitrary<readonly number[]> => {
  const maxLength = Math.min(more.maxLength ?? 5 * Math.max(blockM, blockN), maxTokens)
  const edges = [...new Set([0, 1, 2, ...around(blockM), ...around(blockN)])].filter((l) => l <= maxLength)
  const free = fc.array(fc.oneof(fc.constantFrom(...edges), fc.integer({ min: 0, max: maxLength })), { maxLength: maxSequences })
  const named = fc
    .record({ name: fc.constantFrom(...lengthSetNames), sequences: fc.integer({ min: 1, max: maxSequences }), longest: fc.integer({ min: 1, max: maxLength }), tile: fc.constantFrom(blockM, blockN), seed: seeds })
    .map(({ name, sequences, longest, tile, seed }) => drawLengths(name, rngOf(seed, 'lengths'), { sequences, maxLength: longest, tile }))
  return fc.oneof(free, named).map((lengths) => capped(lengths, maxTokens))
}

export const caseShapes = (dtypes: readonly Dtype[], options: LengthOptions & { readonly maxDim?: number } = {}): fc.Arbitrary<CaseShape & { readonly seed: number }> =>
  fc.record({ lengths: lengthsArbitrary(options), heads: headCounts, headDim: headDims(options.maxDim), dtype: fc.constantFrom(...dtypes), seed: seeds })

/** Choices read from a list; past its end every choice is the first one. */
const tape = (choices: readonly number[]): Rng => {
  let at = 0
  return rngFrom(() => (choices[at++] ?? 0) / 65536)
}

/** Random definitions that shrink towards a plain one: their choices are a list that shrinks. */
export const definitions = (name = 'random'): fc.Arbitrary<RandomDefinition> =>
  fc.array(fc.integer({ min: 0, max: 65535 }), { minLength: 0, maxLength: 160, size: 'max' }).map((choices) => definitionFrom(tape(choices), name))
