import { defineInteraction, dense, prefixSum } from 'serrate'

/** FBGEMM `asynchronous_exclusive_cumsum`: the sum before each element. */
export const exclusive_cumsum = defineInteraction({
  name: 'exclusive_cumsum',
  inputs: { x: dense('b', { dtype: 'i32' }) },
  output: dense('b', { dtype: 'i32' }),
  value: ({ x }) => x,
  reduce: prefixSum('b', { exclusive: true }),
})
