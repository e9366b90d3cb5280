import { defineInteraction, dense, jagged, outer } from 'serrate'

/** As `jagged2_dense_mul`, with a matrix of each sequence. */
export const jagged2_dense_mul_batched = defineInteraction({
  name: 'jagged2_dense_mul_batched',
  inputs: { x: jagged(outer('i', 'j')), y: dense('b', 'i', 'j') },
  output: jagged(outer('i', 'j')),
  value: ({ x, y }) => x * y,
})
