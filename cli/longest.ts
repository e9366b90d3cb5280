import { fail } from '../codegen/ir/diagnostics/index.ts'

/** A promise about lengths that are at hand is looked at. Throws SR8028 where a sequence is longer. */
export const checkMaxSeqLen = (maxSeqLen: number | undefined, lengths: Iterable<number>): void => {
  if (maxSeqLen === undefined) return
  let longest = 0
  for (const length of lengths) longest = Math.max(longest, length)
  if (longest > maxSeqLen) fail('SR8028', { value: maxSeqLen, longest })
}

/** Rows of each sequence between offsets. */
export const lengthsBetween = (offsets: ArrayLike<number | bigint> | undefined): readonly number[] =>
  Array.from({ length: Math.max(0, (offsets?.length ?? 0) - 1) }, (_, i) => Number(offsets![i + 1]) - Number(offsets![i]))
