import { headMajor, rowMajor } from '../codegen/ir/layout.ts'
import type { Dtype } from '../codegen/ir/algorithm.ts'
import { encode, type TensorBits } from '../runtime/dtypes.ts'
import type { View } from '../runtime/strides.ts'

/** How tensors lie: packed rows; head by head; or as views of a row that holds q, k and v, with NaN in what is not theirs. */
export const placements = Object.freeze(['packed', 'headMajor', 'view'] as const)
export type Placement = (typeof placements)[number]

const PARTS = 3

export const viewOf = (placement: Placement, rows: number, heads: number, dim: number): View =>
  placement === 'packed' ? rowMajor(heads, dim) : placement === 'headMajor' ? headMajor(rows, dim) : { row: PARTS * heads * dim, head: dim, offset: heads * dim }

/** A packed tensor put where the placement says; everything else is NaN. */
export const placeBits = (bits: TensorBits, dtype: Dtype, placement: Placement, rows: number, heads: number, dim: number): TensorBits => {
  if (placement === 'packed') return bits
  const { row, head, offset = 0 } = viewOf(placement, rows, heads, dim)
  const out = encode(dtype, new Float64Array(placement === 'view' ? PARTS * rows * heads * dim : bits.length).fill(NaN))
  for (let r = 0; r < rows; r++) for (let h = 0; h < heads; h++) out.set(bits.subarray((r * heads + h) * dim, (r * heads + h + 1) * dim), offset + r * row + h * head)
  return out
}
