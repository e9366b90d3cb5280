import { defineChain, step } from 'serrate'
import { jagged_dense_bmm } from '../interaction/jagged_dense_bmm.ts'
import { jagged_dense_add } from '../interaction/jagged_dense_add.ts'

/** A jagged matrix product and an elementwise bias: the bias is added where the product is stored. */
export const cross_layer_add = defineChain({
  name: 'cross_layer_add',
  steps: { product: step(jagged_dense_bmm), out: step(jagged_dense_add, { x: 'product', y: 'residual' }) },
})
