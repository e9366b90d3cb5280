import { defineInteraction, jagged, perSequence } from 'serrate'

/** FBGEMM `get_source_mask`: in each sequence `sources` times 1, then `targets` times 0. */
export const source_mask = defineInteraction({
  name: 'source_mask',
  captures: { sources: perSequence('i32', { range: [0, 20] }), targets: perSequence('i32', { range: [0, 9] }) },
  inputs: {},
  output: jagged('l', { dtype: 'i32' }),
  lengths: { l: (seq) => seq.sources + seq.targets },
  value: (_v, at, { sources }) => (at.l < sources ? 1 : 0),
})
