import { defineInteraction, dense, jagged } from 'serrate'

/** FBGEMM `dense_to_jagged`: the rows that a sequence has; 0 past the padding. */
export const padded_to_jagged = defineInteraction({
  name: 'padded_to_jagged',
  inputs: { x: dense('b', 'l', 'd') },
  output: jagged('l', 'd'),
  value: ({ x }) => x,
})
