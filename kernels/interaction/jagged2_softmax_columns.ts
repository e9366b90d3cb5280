import { defineInteraction, jagged, outer, softmaxOver } from 'serrate'

/** FBGEMM `sll_jagged2_softmax` with `transpose`: softmax of each column of a sequence's matrix. */
export const jagged2_softmax_columns = defineInteraction({
  name: 'jagged2_softmax_columns',
  inputs: { x: jagged(outer('i', 'j')) },
  output: jagged(outer('i', 'j')),
  value: ({ x }) => x,
  reduce: softmaxOver('i'),
})
