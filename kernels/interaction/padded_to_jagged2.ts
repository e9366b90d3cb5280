import { defineInteraction, dense, jagged, outer } from 'serrate'

/** FBGEMM's inverse of `sll_jagged2_to_padded_dense`: the part of each padded matrix that a sequence has. */
export const padded_to_jagged2 = defineInteraction({
  name: 'padded_to_jagged2',
  inputs: { x: dense('b', 'i', 'j') },
  output: jagged(outer('i', 'j')),
  value: ({ x }) => x,
})
