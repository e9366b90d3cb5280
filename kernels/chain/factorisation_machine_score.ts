import { defineChain, step } from 'serrate'
import { dense_sum } from '../interaction/dense_sum.ts'
import { factorisation_machine } from '../interaction/factorisation_machine.ts'

/** Rendle 2010, one score a sequence: the second order terms summed over the columns too. */
export const factorisation_machine_score = defineChain({
  name: 'factorisation_machine_score',
  steps: { pairs: step(factorisation_machine), out: step(dense_sum, { x: 'pairs' }) },
})
