import type { Dtype } from '../codegen/ir/algorithm.ts'
import { bytesOf } from '../runtime/dtypes.ts'

export interface Work {
  /** Query-key pairs of one head, ΣL²; half of them where causal. */
  readonly pairs: number
  readonly flops: number
  /** q, k and v read once, out (and lse) written once. */
  readonly bytes: number
}

/** The arithmetic and traffic that a batch cannot do without: 4·H·D flops a pair (causal: half of ΣL²), each tensor moved once. */
export const workOf = (lengths: readonly number[], { heads, headDim, dtype, lse }: { heads: number; headDim: number; dtype: Dtype; lse: boolean }, causal: boolean): Work => {
  const tokens = lengths.reduce((sum, l) => sum + l, 0)
  const pairs = lengths.reduce((sum, l) => sum + l * l, 0) * (causal ? 0.5 : 1)
  return Object.freeze({ pairs, flops: 4 * heads * headDim * pairs, bytes: tokens * heads * (4 * headDim * bytesOf(dtype) + (lse ? 4 : 0)) })
}
