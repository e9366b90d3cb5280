import { defineInteraction, jagged, outer, softmaxOver } from 'serrate'

/** FBGEMM `sll_jagged2_softmax`: softmax of each row of a sequence's matrix. */
export const jagged2_softmax = defineInteraction({
  name: 'jagged2_softmax',
  inputs: { x: jagged(outer('i', 'j')) },
  output: jagged(outer('i', 'j')),
  value: ({ x }) => x,
  reduce: softmaxOver('j'),
})
