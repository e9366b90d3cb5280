import { defineAttention } from 'serrate'

/** Queries of one jagged batch over the keys of another. */
export const cross = defineAttention({ name: 'cross', layout: { queries: 'jagged' } })
