import type { NamedCapture } from '../codegen/ir/algorithm.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import type { SequenceView } from '../codegen/ir/layout.ts'
import { describe } from './offsets.ts'

export type CaptureArray = Int32Array | Float32Array

/** A pair capture at launch. `dense` needs rows and columns, the shape of one sequence: values are [B, (Hr,) rows, columns]. */
export interface PairArgument {
  readonly values: CaptureArray
  readonly rows?: number
  readonly columns?: number
}

/** What a kernel must know of a pair capture. */
export interface PairPlace {
  /** Heads that share one array. */
  readonly group: number
  readonly rows: number
  readonly columns: number
  /** Elements of one head's array (jagged). */
  readonly headStride: number
}

/** Exclusive sums of qLen · kvLen, B + 1 numbers. Throws SR5040 past i32. */
export const pairOffsets = (views: readonly Pick<SequenceView, 'qLen' | 'kvLen'>[]): Int32Array => {
  const sums = new Int32Array(views.length + 1)
  let sum = 0
  for (const [b, { qLen, kvLen }] of views.entries()) {
    sum += qLen * kvLen
    if (sum > 0x7fffffff) fail('SR5040', { value: sum })
    sums[b + 1] = sum
  }
  return sums
}

const shapeText = { dense: '[sequences, (Hr,) rows, columns] = [{n}, (Hr,) {rows}, {columns}]', jagged: '[(Hr,) Σ qLen · kvLen] = [(Hr,) {n}]' } as const

/** Checks a pair capture's shape. `total`: Σ qLen · kvLen. Throws SR5016, SR5018 and SR5019. */
export const placePair = (c: NamedCapture, { values, rows, columns }: PairArgument, sizes: { readonly heads: number; readonly sequences: number; readonly total: number }): PairPlace => {
  const { name, perHead } = c
  const { heads, sequences, total } = sizes
  const dense = c.layout === 'dense'
  if (dense && !(Number.isInteger(rows) && Number.isInteger(columns) && rows! >= 0 && columns! >= 0)) fail('SR5019', { name, got: rows === undefined ? 'an array alone' : `{ rows: ${rows}, columns: ${columns} }`, sequences })
  const one = dense ? sequences * rows! * columns! : total
  const arrays = one === 0 ? 1 : values.length / one
  const fit = one === 0 ? values.length === 0 : Number.isInteger(arrays) && arrays >= 1
  const shape = shapeText[c.layout!].replace('{n}', String(dense ? sequences : total)).replace('{rows}', String(rows)).replace('{columns}', String(columns))
  if (!fit) fail('SR5016', { name, got: values.length, shape, heads })
  if (perHead ? heads % arrays !== 0 : arrays !== 1) fail('SR5018', { name, group: arrays, heads, perHead: perHead ? '' : '; it is not declared perHead, so pass one' })
  return { group: Math.max(1, heads / arrays), rows: rows ?? 0, columns: columns ?? 0, headStride: dense ? 0 : total }
}

/** A pair argument from an array or `{ values }`. */
export const pairArgument = (name: string, dtype: string, given: unknown): PairArgument => {
  if (given instanceof Int32Array || given instanceof Float32Array) return { values: given }
  if (given && typeof given === 'object' && 'values' in given) return given as PairArgument
  return fail('SR5013', { name, got: describe(given), dtype, want: `{ values, rows, columns } with ${dtype === 'i32' ? 'an Int32Array' : 'a Float32Array'}` })
}
