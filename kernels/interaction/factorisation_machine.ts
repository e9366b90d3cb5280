import { defineInteraction, dense, jagged, sum } from 'serrate'

/** Rendle 2010, second order: 0.5 ((Σ x)² - Σ x²) over the rows of a sequence. */
export const factorisation_machine = defineInteraction({
  name: 'factorisation_machine',
  inputs: { x: jagged('l', 'd') },
  output: dense('b', 'd'),
  value: ({ x }) => [x, x * x],
  reduce: sum('l'),
  epilogue: ([total, squares]) => 0.5 * (total * total - squares),
})
