import { defineInteraction, jagged, outer } from 'serrate'

/** Two matrices of each sequence added, element by element: scores and their bias. */
export const jagged2_add = defineInteraction({
  name: 'jagged2_add',
  inputs: { x: jagged(outer('i', 'j')), y: jagged(outer('i', 'j')) },
  output: jagged(outer('i', 'j')),
  value: ({ x, y }) => x + y,
})
