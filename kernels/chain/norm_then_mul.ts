import { defineChain, step } from 'serrate'
import { jagged_jagged_mul } from '../interaction/jagged_jagged_mul.ts'
import { layer_norm } from '../interaction/layer_norm.ts'

/** HSTU's norm · mul: layer norm of the attention's rows, times the gate. One kernel: the normalised rows are never written. */
export const norm_then_mul = defineChain({
  name: 'norm_then_mul',
  steps: { normed: step(layer_norm), out: step(jagged_jagged_mul, { x: 'normed', y: 'u' }) },
})
