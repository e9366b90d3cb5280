import { defineInteraction, jagged, lower, reread, sum } from 'serrate'

/** DLRM's pairwise dot interaction: the packed lower triangle of X_b · X_bᵀ. */
export const dot_interaction = defineInteraction({
  name: 'dot_interaction',
  inputs: { x: jagged('i', 'd'), y: reread('x', jagged('j', 'd')) },
  output: jagged(lower('i', 'j')),
  value: ({ x, y }) => x * y,
  reduce: sum('d'),
})
