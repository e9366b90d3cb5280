import { deriveGradients } from '../derive/index.ts'
import type { Interaction, InteractionProgram, KernelStep } from '../ir/interaction/index.ts'
import { fuseProgram } from './program.ts'
import { joinedSums } from './sums.ts'

const isKernel = (s: InteractionProgram['steps'][number]): s is KernelStep => s.kind === 'kernel'

/** Pairs of steps that add two sums over the same axes become one. */
const withJoinedSums = (given: InteractionProgram): InteractionProgram => {
  for (const p of given.steps.filter(isKernel)) {
    const readers = given.steps.filter(isKernel).filter((s) => s.interaction.inputs.some((t) => t.tensor === p.writes))
    const [reader] = readers
    const joined = readers.length === 1 && reader && !Object.values(given.results).includes(p.writes) ? joinedSums(p.interaction, reader.interaction, p.writes) : undefined
    if (joined) return withJoinedSums({ ...given, steps: given.steps.flatMap((s) => (s === p ? [] : s === reader ? [{ ...reader, interaction: joined }] : [s])) })
  }
  return given
}

/** The derived gradients with neighbouring steps in one kernel where that computes the same and moves fewer bytes; each is called after the tensor that it writes. */
export const fusedGradients = (x: Interaction, overrides: Readonly<Record<string, Interaction>> = {}): InteractionProgram => {
  const derived = deriveGradients(x, overrides)
  const { program } = fuseProgram(withJoinedSums(derived))
  const before = new Map(derived.steps.filter(isKernel).map((s) => [s.writes, s.interaction.name]))
  return { ...program, steps: program.steps.map((s) => (isKernel(s) ? { ...s, interaction: { ...s.interaction, name: before.get(s.writes)! } } : s)) }
}
