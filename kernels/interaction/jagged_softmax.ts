import { defineInteraction, jagged, softmaxOver } from 'serrate'

/** FBGEMM `jagged_softmax`: softmax over the rows of a sequence, for each column. */
export const jagged_softmax = defineInteraction({
  name: 'jagged_softmax',
  inputs: { x: jagged('l', 'd') },
  output: jagged('l', 'd'),
  value: ({ x }) => x,
  reduce: softmaxOver('l'),
})
