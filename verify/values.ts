import type { Algorithm, Dtype } from '../codegen/ir/algorithm.ts'
import type { Rng } from './random/rng.ts'

/**
 * How q and k are drawn. `grid`: multiples of 1/8, whose dot products are exact in f32; `peaked`: scores that differ by tens;
 * `negative`: grid values around a constant that puts every score near -128, where exp without the row's own maximum is 0.
 */
export type Style = 'normal' | 'grid' | 'peaked' | 'negative' | 'values'

type Draw = (rng: Rng, headDim: number, tensor: 'q' | 'k' | 'v') => number

const grid = (rng: Rng): number => rng.int(-16, 16) / 8
/** A multiple of 1/8 whose square times sqrt(headDim) is about 128. */
const center = (headDim: number): number => Math.round(8 * Math.sqrt(128 / Math.sqrt(Math.max(headDim, 1)))) / 8

const draws: Readonly<Record<Style, Draw>> = Object.freeze({
  normal: (rng) => rng.normal(),
  grid,
  peaked: (rng, _d, tensor) => (tensor === 'q' ? 3 : 1) * rng.normal(),
  negative: (rng, headDim, tensor) => (tensor === 'q' ? -center(headDim) : center(headDim)) + rng.int(-2, 2) / 8,
  values: (rng) => 2 * rng.next() - 1,
})

export const styleFor = (algorithm: Algorithm, rng: Rng): Style =>
  algorithm.normalizer.kind === 'softmax' ? rng.pick(['normal', 'normal', 'grid', 'grid', 'peaked', 'negative']) : rng.pick(['normal', 'grid', 'peaked'])

/** Puts outputs above 1, where the tolerance rule is relative: a pointwise normalizer's own scale makes them small. */
export const valueScale = (algorithm: Algorithm): number => (algorithm.normalizer.kind === 'pointwise' && algorithm.normalizer.scale ? 64 : 4)

/**
 * A power of two that keeps scores of a pointwise normalizer with a scale of its own below 6 in f16: a weight may be their sixth power, and an f16 one is infinite from 65,520.
 * Softmax weights are at most 1, and other dtypes reach 1e38.
 */
export const queryScale = ({ normalizer, smScale }: Algorithm, headDim: number, dtype: Dtype): number => {
  if (dtype !== 'f16' || normalizer.kind !== 'pointwise' || smScale.kind !== 'const') return 1
  const spread = 4 * Math.abs(smScale.value) * Math.sqrt(headDim)
  return spread > 1 ? 2 ** -Math.ceil(Math.log2(spread)) : 1
}

export const drawValues = (style: Style, tensor: 'q' | 'k' | 'v', count: number, headDim: number, rng: Rng): Float64Array => {
  const draw = draws[style]
  const values = new Float64Array(count)
  for (let i = 0; i < count; i++) values[i] = draw(rng, headDim, tensor)
  return values
}
