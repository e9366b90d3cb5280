import { defineChain, step } from 'serrate'
import { concat } from '../interaction/concat.ts'

/** The rows of four tensors one after another, in each sequence: any number of them is such a chain. */
export const concat_four = defineChain({
  name: 'concat_four',
  steps: { ab: step(concat, { left: 'a', right: 'b' }), cd: step(concat, { left: 'c', right: 'd' }), out: step(concat, { left: 'ab', right: 'cd' }) },
})
