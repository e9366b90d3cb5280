import { defineChain, step } from 'serrate'
import { array_jagged_bmm_jagged_out } from '../interaction/array_jagged_bmm_jagged_out.ts'
import { jagged2_add } from '../interaction/jagged2_add.ts'
import { jagged2_softmax } from '../interaction/jagged2_softmax.ts'
import { jagged_jagged_bmm_jagged_out } from '../interaction/jagged_jagged_bmm_jagged_out.ts'

/** FBGEMM's decomposed chain: bmm, add, softmax, bmm. Its fused twin is one attention that never writes a score. */
export const decomposed_attention = defineChain({
  name: 'decomposed_attention',
  steps: {
    scores: step(jagged_jagged_bmm_jagged_out, { x: 'q', y: 'k' }),
    biased: step(jagged2_add, { x: 'scores', y: 'bias' }),
    weights: step(jagged2_softmax, { x: 'biased' }),
    out: step(array_jagged_bmm_jagged_out, { a: 'weights', y: 'v' }),
  },
})
