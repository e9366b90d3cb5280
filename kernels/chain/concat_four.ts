import { defineChain, step } from 'serrate'
import { concat } from '../interaction/concat.ts'

/** The rows of four tensors one after another, in each sequence: any number of them is such a chain. */
export const concat_four = defineChain({
  name: 'concat_four',
  steps: { two: step(concat, { left: 'first', right: 'second' }), three: step(concat, { left: 'two', right: 'third' }), out: step(concat, { left: 'three', right: 'fourth' }) },
})
