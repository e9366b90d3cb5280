import type { Algorithm, Dtype } from '../codegen/ir/algorithm.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import type { AttentionInputs } from '../runtime/attention.ts'
import { decode, encode, type TensorBits } from '../runtime/dtypes.ts'
import { offsetsOf } from '../runtime/offsets.ts'
import { drawCaptures } from './captures.ts'
import { type Rng, rngOf } from './random/rng.ts'
import { drawValues, type Style, styleFor, valueScale } from './values.ts'

/** What a person chooses of a case; the seed decides the rest. */
export interface CaseShape {
  readonly lengths: readonly number[]
  readonly heads: number
  readonly headDim: number
  readonly dtype: Dtype
}

/** One set of inputs for one algorithm: the same seed and shape give the same case. */
export interface AttentionCase extends CaseShape {
  readonly seed: number
  readonly algorithm: Algorithm
  readonly style: Style
  /** Rows of q, k and v: up to 3 more than the lengths' sum, those all NaN. */
  readonly rows: number
  readonly offsets: readonly number[]
  /** What a launch takes. */
  readonly inputs: AttentionInputs
  /** The exact values of the launch's q, k and v. */
  readonly values: { readonly q: Float64Array; readonly k: Float64Array; readonly v: Float64Array }
}

const checkShape = (algorithm: Algorithm, { heads, headDim }: CaseShape): void => {
  for (const [what, value] of Object.entries({ heads, headDim })) {
    if (!Number.isInteger(value) || value < 0) fail('SR6005', { definition: algorithm.name, what: `a whole number of ${what} from 0`, value, want: `${what} as a whole number` })
  }
}

const wide = (offsets: Int32Array): BigInt64Array => BigInt64Array.from(offsets, BigInt)

/** NaN in every row that belongs to no sequence: a kernel that reads one shows it. */
const poisonPast = (values: Float64Array, from: number): Float64Array => values.fill(NaN, from)

/** Draws a case. Throws SR5006 for a length, SR6005 for heads or a head dim, that is not a whole number from 0. */
export const drawCase = (seed: number, algorithm: Algorithm, shape: CaseShape): AttentionCase => {
  checkShape(algorithm, shape)
  const { lengths, heads, headDim, dtype } = shape
  const stream = (what: string): Rng => rngOf(seed, what, algorithm.name)
  const layout = stream('layout')
  const offsets = offsetsOf(lengths)
  const end = offsets.at(-1)!
  const rows = end + layout.pick([0, 1, 1, 3])
  const style = styleFor(algorithm, layout)
  const stride = heads * headDim
  const tensors = { q: drawValues(style, 'q', rows * stride, headDim, stream('q')), k: drawValues(style, 'k', rows * stride, headDim, stream('k')), v: drawValues('values', 'v', rows * stride, headDim, stream('v')) }
  const scale = valueScale(algorithm)
  for (let i = 0; i < tensors.v.length; i++) tensors.v[i]! *= scale
  const bits = (values: Float64Array): TensorBits => encode(dtype, poisonPast(values, end * stride))
  const [q, k, v] = [bits(tensors.q), bits(tensors.k), bits(tensors.v)]
  const captures = drawCaptures(algorithm.captures, { heads, sequences: lengths.length, rows, end, longest: Math.max(0, ...lengths) }, stream('capture'))
  return Object.freeze({
    ...shape, seed, algorithm, style, rows,
    offsets: [...offsets],
    inputs: { q, k, v, rows, heads, seqOffsets: layout.chance(0.25) ? wide(offsets) : offsets, captures },
    values: { q: decode(dtype, q), k: decode(dtype, k), v: decode(dtype, v) },
  })
}
