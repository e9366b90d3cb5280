import type { Interaction, InteractionClass } from '../../codegen/ir/interaction/index.ts'
import { classify, isMove } from '../../codegen/lower/interaction/index.ts'

/** What the compiler sees in a definition, and what makes it that. */
export const classOf = (x: Interaction): { readonly class: InteractionClass; readonly why: string } => {
  const found = classify(x)
  if (found.class === 'contraction') return { class: found.class, why: `one sum over ${found.k} of products of a factor along ${found.m} and one along ${found.n}: a matrix product` }
  if (found.class === 'reduction') return { class: found.class, why: `passes over ${x.reduced.join(', ')}; no matrix product: ${found.why}` }
  if (found.class === 'scan') return { class: found.class, why: `a running sum along ${x.scan!.axis}: sums of blocks, sums of those, and the elements again` }
  if (found.class === 'scatter') return { class: found.class, why: `rows of the output are computed: each element is written to its own, the others are 0` }
  return { class: found.class, why: isMove(x) ? 'nothing is reduced, and elements are chosen and copied bit for bit' : 'nothing is reduced: an element of the output is computed from elements of the inputs' }
}
