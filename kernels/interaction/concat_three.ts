import { defineInteraction, jagged } from 'serrate'

/** The rows of `first`, then of `second`, then of `third`, in each sequence; any of them may be empty. */
export const concat_three = defineInteraction({
  name: 'concat_three',
  inputs: { first: jagged('i', 'd'), second: jagged('j', 'd'), third: jagged('k', 'd') },
  output: jagged('l', 'd'),
  lengths: { l: ({ lengths }) => lengths.i + lengths.j + lengths.k },
  index: { i: (at) => at.l, j: (at, { lengths }) => at.l - lengths.i, k: (at, { lengths }) => at.l - lengths.i - lengths.j },
  value: ({ first, second, third }, at, { lengths }) => (at.l < lengths.i ? first : at.l < lengths.i + lengths.j ? second : third),
})
