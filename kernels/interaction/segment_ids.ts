import { defineInteraction, jagged } from 'serrate'

/** The number of its sequence for every packed row. */
export const segment_ids = defineInteraction({
  name: 'segment_ids',
  inputs: {},
  output: jagged('l', { dtype: 'i32' }),
  value: (_v, at) => at.b,
})
