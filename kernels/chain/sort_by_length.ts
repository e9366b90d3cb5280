import { defineChain, step } from 'serrate'
import { order_of_ranks } from '../interaction/order_of_ranks.ts'
import { ranks_descending } from '../interaction/ranks_descending.ts'

/** The sequences from the longest to the shortest, equal ones in their order: what `jagged_index_select` takes. Each is compared with each, B² in all. */
export const sort_by_length = defineChain({
  name: 'sort_by_length',
  steps: { rank: step(ranks_descending, { key: 'lengths' }), out: step(order_of_ranks, { rank: 'rank' }) },
})
