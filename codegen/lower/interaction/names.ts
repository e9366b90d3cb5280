import { bufferName } from '../../ir/interaction/index.ts'
import { snake } from '../../ir/names.ts'

/** Names of kernel text. Coordinates, lengths and elements have prefixes of their own, so that no author's name can meet a keyword. */
export const at = (axis: string): string => `at_${snake(axis)}`
export const len = (axis: string): string => `len_${snake(axis)}`
export const first = (segment: string): string => `first_${snake(segment)}`
export const element = (input: string): string => `in_${snake(input)}`
export const { tensor, offsets } = bufferName
export const captured = (name: string): string => `cap_${snake(name)}`
export const param = {
  batch: (axis: string): string => `batch_${snake(axis)}`,
  rows: (segment: string): string => `rows_${snake(segment)}`,
  capacity: (axis: string): string => `capacity_${snake(axis)}`,
  size: (axis: string): string => `size_${snake(axis)}`,
  offsetWords: (segment: string): string => `offset_words_${snake(segment)}`,
  base: (capture: string): string => `base_${snake(capture)}`,
  length: (capture: string): string => `length_${snake(capture)}`,
} as const
