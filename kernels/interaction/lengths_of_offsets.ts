import { defineInteraction, dense } from 'serrate'

/** The length of each sequence, from its offsets. */
export const lengths_of_offsets = defineInteraction({
  name: 'lengths_of_offsets',
  inputs: {},
  axes: ['l'],
  output: dense('b', { dtype: 'i32' }),
  value: (_v, _at, { lengths }) => lengths.l,
})
