import { fusedGradients } from '../../codegen/fuse/index.ts'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { LoadedInteraction } from '../../codegen/frontend/index.ts'
import type { InteractionProgram, KernelStep, ListStep } from '../../codegen/ir/interaction/index.ts'
import { suggestion } from '../suggest.ts'
import { shown } from '../values.ts'

type Step = KernelStep | ListStep
const readsOf = (s: Step): readonly string[] => (s.kind === 'lists' ? [s.keys] : s.interaction.inputs.map((t) => t.tensor))
const makes = (s: Step): readonly string[] => (s.kind === 'lists' ? [`${s.name}_offsets`, `${s.name}_items`] : [s.writes])
const usesLists = (s: Step, { name }: ListStep): boolean => s.kind === 'kernel' && s.interaction.axes.some((a) => a.like === name || a.name === name)

/** The steps that a tensor of a program comes from, in their order. */
export const stepsOf = ({ steps }: InteractionProgram, tensor: string): readonly Step[] => {
  const needed = new Set([tensor])
  const kept: Step[] = []
  for (const step of steps.toReversed()) {
    if (!makes(step).some((t) => needed.has(t)) && !(step.kind === 'lists' && kept.some((s) => usesLists(s, step)))) continue
    kept.unshift(step)
    readsOf(step).forEach((t) => needed.add(t))
  }
  return kept
}

/** The gradients of a definition: derived, or the author's own. Throws SR20xx where one cannot be derived. */
export const gradientsOf = ({ interaction, overrides }: LoadedInteraction): InteractionProgram => fusedGradients(interaction, overrides)

/** The part of a definition's gradient that gives the gradient of one input. Throws SR8063 where there is none, SR20xx where it cannot be derived. */
export const gradientOf = (loaded: LoadedInteraction, input: string): InteractionProgram => {
  const { interaction: x } = loaded
  const program = gradientsOf(loaded)
  const tensor = program.results[input]
  const known = Object.keys(program.results)
  if (tensor === undefined) return fail('SR8063', { name: x.name, value: shown(input), suggestion: suggestion(input, known), known: known.join(', ') || 'no input' })
  return { ...program, steps: stepsOf(program, tensor), results: { [input]: tensor } }
}

export const kernelSteps = ({ steps }: InteractionProgram): readonly KernelStep[] => steps.filter((s): s is KernelStep => s.kind === 'kernel')
