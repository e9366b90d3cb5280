import { defineChain, step } from 'serrate'
import { dcn_cross_low_rank } from '../interaction/dcn_cross_low_rank.ts'
import { jagged_dense_bmm_shared } from '../interaction/jagged_dense_bmm_shared.ts'

/** DCN v2 cross layer with W = U · Vᵀ (Wang et al. 2021): x0 · (U (Vᵀ x) + c) + x. */
export const dcn_low_rank = defineChain({
  name: 'dcn_low_rank',
  steps: { t: step(jagged_dense_bmm_shared, { w: 'v' }), out: step(dcn_cross_low_rank, { t: 't' }) },
})
