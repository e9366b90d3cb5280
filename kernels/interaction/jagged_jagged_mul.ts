import { defineInteraction, jagged } from 'serrate'

/** The elementwise product of two jagged tensors of the same lengths. */
export const jagged_jagged_mul = defineInteraction({
  name: 'jagged_jagged_mul',
  inputs: { x: jagged('l', 'd'), y: jagged('l', 'd') },
  output: jagged('l', 'd'),
  value: ({ x, y }) => x * y,
})
