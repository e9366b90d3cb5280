import { clamp, defineInteraction, jagged, scalar } from 'serrate'

/** FBGEMM `jagged_1d_to_truncated_values`: the first values of each sequence, at most `limit`. */
export const truncate = defineInteraction({
  name: 'truncate',
  captures: { limit: scalar('i32', { range: [0, 20] }) },
  inputs: { x: jagged('m') },
  output: jagged('l'),
  lengths: { l: (seq) => clamp(seq.limit, 0, seq.lengths.m) },
  index: { m: (at) => at.l },
  value: ({ x }) => x,
})
