import { defineInteraction, dense, lower, reread, sum } from 'serrate'

/** DLRM's pairwise dot interaction of a fixed number of features, as torch.bmm and a gather of the lower triangle compute it. */
export const dot_interaction_dense = defineInteraction({
  name: 'dot_interaction_dense',
  inputs: { x: dense('b', 'f', 'd'), y: reread('x', dense('b', 'g', 'd')) },
  output: dense('b', lower('f', 'g')),
  value: ({ x, y }) => x * y,
  reduce: sum('d'),
})
