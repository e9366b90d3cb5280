import { argmax, defineInteraction, dense, jagged } from 'serrate'

/** Row of the maximum, for each column: the first of equal ones; 0 where a sequence has no rows. */
export const jagged_argmax = defineInteraction({
  name: 'jagged_argmax',
  inputs: { x: jagged('l', 'd') },
  output: dense('b', 'd', { dtype: 'i32' }),
  value: ({ x }) => x,
  reduce: argmax('l'),
})
