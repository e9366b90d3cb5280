import { defineInteraction, dense, prefixSum } from 'serrate'

/** FBGEMM `asynchronous_inclusive_cumsum`: the sum through each element. */
export const inclusive_cumsum = defineInteraction({
  name: 'inclusive_cumsum',
  inputs: { x: dense('b', { dtype: 'i32' }) },
  output: dense('b', { dtype: 'i32' }),
  value: ({ x }) => x,
  reduce: prefixSum('b'),
})
