import { deriveGradients } from '../../codegen/derive/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { type Interaction, kernelsOf } from '../../codegen/ir/interaction/index.ts'
import { dense, jagged, type TensorLayout } from '../../dsl/index.ts'
import { build } from '../reference/interaction/build.ts'

const { interactions } = await loadFile('kernels/interaction/index.ts')

/** The step of a gradient that adds up columns beside the gradient of rows. */
export const withSums = (x: Interaction): Interaction => {
  const step = kernelsOf(deriveGradients(x)).find((s) => s.interaction.sums)
  if (!step) throw new Error(`${x.name} has no sums`)
  return step.interaction
}

/** Of a shipped norm. */
export const shippedSums = (name: string): Interaction => withSums(interactions.find((i) => i.exportName === name)!.interaction)

const norm = (name: string, x: TensorLayout<any>, more: Readonly<Record<string, TensorLayout<any>>> = {}): Interaction =>
  build({
    name, inputs: { x, ...more, weight: dense('d') }, output: x, reduced: ['d'],
    body: (k) => {
      const value = Object.keys(more).reduce((v, m) => k.mul(v, k.in(m)), k.in('x'))
      return { passes: [{ op: 'mean', values: [k.mul(value, value)] }], epilogue: k.mul(k.op('sigmoid', k.div(value, k.op('sqrt', k.add(k.stat(0), k.f(0.1))))), k.in('weight')) }
    },
  })

/** Norms whose rows are not those of a jagged matrix, or that read a number a row. */
export const otherNorms: readonly Interaction[] = [
  norm('heads', jagged('l', 'h', 'd')), norm('dense_rows', dense('b', 'd')), norm('dense_groups', dense('b', 'f', 'd')), norm('scaled', jagged('l', 'd'), { scale: jagged('l'), row: dense('b', 'd') }),
].map(withSums)
