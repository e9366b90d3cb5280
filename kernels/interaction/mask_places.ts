import { defineInteraction, jagged, prefixSum } from 'serrate'

/** Of each row how many rows before it in its sequence the mask keeps. */
export const mask_places = defineInteraction({
  name: 'mask_places',
  inputs: { mask: jagged('l', { dtype: 'i32' }) },
  output: jagged('l', { dtype: 'i32' }),
  value: ({ mask }) => (mask !== 0 ? 1 : 0),
  reduce: prefixSum('l', { exclusive: true }),
})
