import { fail } from '../codegen/ir/diagnostics/index.ts'

export type SeqOffsets = Int32Array | BigInt64Array

export interface CheckedOffsets {
  readonly sequences: number
  /** The last offset: rows from here on belong to no sequence. */
  readonly end: number
  /** 32-bit words per offset: 1 (i32) or 2 (i64). */
  readonly words: 1 | 2
  readonly values: readonly number[]
}

/** What a wrong argument is, in words. */
export const describe = (value: unknown): string =>
  value === null || value === undefined ? String(value) : typeof value === 'object' ? `a ${value.constructor?.name ?? 'object'}` : `a ${typeof value}`

/** Checks that offsets start at 0 and never go down. Throws SR5001 to SR5004 naming the value; `name` is who needs them, `what` the argument. */
export const checkSums = (offsets: SeqOffsets, name: string, what: string): CheckedOffsets => {
  if (!(offsets instanceof Int32Array) && !(offsets instanceof BigInt64Array)) fail('SR5001', { what, type: describe(offsets) })
  if (offsets.length === 0) fail('SR5002', { what, name })
  if (Number(offsets[0]) !== 0) fail('SR5003', { what, value: offsets[0] })
  const values = Array.from(offsets as ArrayLike<number | bigint>, Number)
  for (let i = 1; i < values.length; i++) if (values[i]! < values[i - 1]!) fail('SR5004', { what, index: i, value: offsets[i], before: offsets[i - 1] })
  return Object.freeze({ sequences: offsets.length - 1, end: values.at(-1)!, words: offsets instanceof Int32Array ? 1 : 2, values })
}

/** As `checkSums`, and that offsets end within `rows`. Throws SR5001 to SR5005. */
export const checkOffsets = (offsets: SeqOffsets, rows: number, name = 'this kernel', what: 'seqOffsets' | 'kvOffsets' = 'seqOffsets'): CheckedOffsets => {
  const checked = checkSums(offsets, name, what)
  if (checked.end > rows) fail('SR5005', { what, value: offsets.at(-1), rows, tensors: what === 'kvOffsets' ? 'k and v' : 'q' })
  return checked
}

/** Running sums of lengths: B + 1 offsets. Throws SR5006 for a length that is not a whole number from 0, or a sum past i32. */
export const offsetsOf = (lengths: readonly number[]): Int32Array<ArrayBuffer> => {
  const offsets = new Int32Array(lengths.length + 1)
  let sum = 0
  for (const [index, value] of lengths.entries()) {
    sum += value
    if (!Number.isInteger(value) || value < 0 || sum > 0x7fffffff) fail('SR5006', { value, index })
    offsets[index + 1] = sum
  }
  return offsets
}

/** Running sums as a launch takes them: i64 where they pass i32. */
export const runningSums = (sums: readonly number[]): SeqOffsets => (sums.at(-1)! > 0x7fffffff ? BigInt64Array.from(sums, BigInt) : Int32Array.from(sums))
