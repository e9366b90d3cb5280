import { fusedGradients } from '../../codegen/fuse/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { SerrateError } from '../../codegen/ir/diagnostics/index.ts'
import type { Interaction, InteractionClass } from '../../codegen/ir/interaction/index.ts'
import { classify } from '../../codegen/lower/interaction/classify.ts'

export interface NamedInteraction { readonly label: string; readonly interaction: Interaction }

const gradientSteps = (x: Interaction): readonly Interaction[] => {
  try { return fusedGradients(x).steps.flatMap((s) => (s.kind === 'kernel' ? [s.interaction] : [])) }
  catch (error) { if (error instanceof SerrateError && error.code.startsWith('SR20')) return []; throw error }
}

/** The shipped interactions and the steps of their gradients. */
export const shippedInteractions = async (): Promise<readonly NamedInteraction[]> =>
  (await loadFile('kernels/interaction/index.ts')).interactions.flatMap(({ interaction: x }) => [x, ...gradientSteps(x)].map((interaction, i) => ({ label: i ? `${x.name}, step ${i} of its gradient` : x.name, interaction })))

export const ofClass = (all: readonly NamedInteraction[], name: InteractionClass): readonly NamedInteraction[] => all.filter(({ interaction }) => classify(interaction).class === name)

/** Sizes for every dense axis that owns one. */
export const sizesOf = (x: Interaction, sizes: readonly number[]): Readonly<Record<string, number>> =>
  Object.fromEntries(x.axes.filter((a) => a.kind === 'dense' && !a.index && a.like === a.name).map((a, i) => [a.name, sizes[i % sizes.length]!]))
