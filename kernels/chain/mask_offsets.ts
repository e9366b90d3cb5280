import { defineChain, step } from 'serrate'
import { mask_lengths } from '../interaction/mask_lengths.ts'
import { offsets_of_lengths } from '../interaction/offsets_of_lengths.ts'

/** Where the rows that a mask keeps begin in each sequence: B + 1 offsets, made on the device. */
export const mask_offsets = defineChain({
  name: 'mask_offsets',
  steps: { lengths: step(mask_lengths), out: step(offsets_of_lengths, { lengths: 'lengths' }) },
})
