import { defineInteraction, dense, jagged, outer, scalar } from 'serrate'

/** FBGEMM `sll_jagged2_to_padded_dense`: each sequence's matrix, `pad` around it. */
export const jagged2_to_padded = defineInteraction({
  name: 'jagged2_to_padded',
  captures: { pad: scalar('f32', { default: 0 }) },
  inputs: { x: jagged(outer('i', 'j')) },
  output: dense('b', 'i', 'j'),
  value: ({ x }, at, { lengths, pad }) => (at.i < lengths.i && at.j < lengths.j ? x : pad),
})
