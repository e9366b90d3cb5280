import { type Interaction, type InteractionProgram, type TensorSpec } from '../../codegen/ir/interaction/index.ts'
import type { LoadedChain, LoadedInteraction } from '../../codegen/frontend/index.ts'
import { distinct, inputsOfProgram } from '../../verify/interaction/index.ts'
import { isChain } from '../families.ts'
import { fusedOf } from './chain.ts'
import { gradientOf, gradientsOf, kernelSteps } from './gradient.ts'

/** What a command runs: a definition's own kernel, the kernels of a chain, or the steps of a gradient, each as one program. */
export interface Task {
  readonly name: string
  /** Everything that a caller gives: tensors, axes, captures. */
  readonly x: Interaction
  readonly program: InteractionProgram
  /** The tensors that a caller may give, by their own specification: the inputs and, of a gradient, d_out. */
  readonly given: readonly TensorSpec[]
  /** Those of them that a step reads. */
  readonly needed: readonly string[]
  /** The tensor that is asked for, and its layout. */
  readonly writes: string
  readonly result: TensorSpec
}

const readsOf = (program: InteractionProgram): ReadonlySet<string> =>
  new Set(program.steps.flatMap((s) => (s.kind === 'lists' ? [s.keys] : s.interaction.inputs.map((t) => t.tensor))))

/** A single interaction as a program of one kernel. */
export const forwardProgram = (x: Interaction): InteractionProgram => ({ name: x.name, steps: [{ kind: 'kernel', writes: 'out', interaction: x }], results: { out: 'out' } })

/** The tensor that a gradient is taken at. */
export const outputGradient = (x: Interaction): TensorSpec => ({ ...x.output, name: 'd_out', tensor: 'd_out' })

const task = (name: string, x: Interaction, program: InteractionProgram, given: readonly TensorSpec[], writes: string, result: TensorSpec): Task => {
  const read = readsOf(program)
  return { name, x, program, given, needed: given.map((t) => t.tensor).filter((t) => read.has(t)), writes, result }
}

/** Throws SR8063 where the gradient is of no input, SR20xx where it cannot be derived. */
export const taskOf = (loaded: LoadedInteraction | LoadedChain, gradient?: string): Task => {
  if (isChain(loaded)) {
    const { program } = fusedOf(loaded)
    const x = inputsOfProgram(program)
    return task(program.name, x, program, distinct(x), program.results.out!, x.output)
  }
  const { interaction: x } = loaded
  if (gradient === undefined) return task(x.name, x, forwardProgram(x), distinct(x), 'out', x.output)
  const program = gradientOf(loaded, gradient)
  return task(x.name, x, program, [...distinct(x), outputGradient(x)], program.results[gradient]!, distinct(x).find((t) => t.tensor === gradient)!)
}

/** The steps of all gradients of a definition; undefined where it has none. */
export const gradientsTask = (loaded: LoadedInteraction): Task | undefined => {
  const { interaction: x } = loaded
  const program = gradientsOf(loaded)
  if (!kernelSteps(program).length) return undefined
  return task(x.name, x, program, [...distinct(x), outputGradient(x)], Object.values(program.results)[0]!, x.output)
}
