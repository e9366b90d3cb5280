import { defineInteraction, dense, jagged, scalar } from 'serrate'

/** FBGEMM `jagged_to_padded_dense`: rows past a sequence's length are `pad`; longer sequences are cut. */
export const jagged_to_padded = defineInteraction({
  name: 'jagged_to_padded',
  captures: { pad: scalar('f32', { default: 0 }) },
  inputs: { x: jagged('l', 'd') },
  output: dense('b', 'l', 'd'),
  value: ({ x }, at, { lengths, pad }) => (at.l < lengths.l ? x : pad),
})
