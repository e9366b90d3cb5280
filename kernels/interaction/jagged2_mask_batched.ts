import { defineInteraction, dense, jagged, outer } from 'serrate'

/** As `jagged2_mask`, with a mask of each sequence. */
export const jagged2_mask_batched = defineInteraction({
  name: 'jagged2_mask_batched',
  inputs: { x: jagged(outer('i', 'j')), mask: dense('b', 'i', 'j', { dtype: 'i32' }) },
  output: jagged(outer('i', 'j')),
  value: ({ x, mask }) => (mask !== 0 ? x : 0),
})
