import { defineInteraction, dense, jagged, mean } from 'serrate'

/** Mean of the rows of a sequence; 0 where it has none. */
export const jagged_mean = defineInteraction({
  name: 'jagged_mean',
  inputs: { x: jagged('l', 'd') },
  output: dense('b', 'd'),
  value: ({ x }) => x,
  reduce: mean('l'),
})
