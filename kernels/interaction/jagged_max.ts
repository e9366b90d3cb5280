import { defineInteraction, dense, jagged, max } from 'serrate'

/** Maximum of the rows of a sequence, for each column; 0 where it has none. */
export const jagged_max = defineInteraction({
  name: 'jagged_max',
  inputs: { x: jagged('l', 'd') },
  output: dense('b', 'd'),
  value: ({ x }) => x,
  reduce: max('l'),
})
