import { defineInteraction, jagged } from 'serrate'

/** FBGEMM `repeat_arange`: 0, 1, ..., L - 1 in each sequence. */
export const repeat_arange = defineInteraction({
  name: 'repeat_arange',
  inputs: {},
  output: jagged('l', { dtype: 'i32' }),
  value: (_v, at) => at.l,
})
