import { type GeneratedInteraction, type GeneratedInteractionKernel, interactionFiles } from '../../codegen/emit/generate-interaction.ts'
import type { OutputFile } from '../../codegen/emit/write.ts'
import type { LoadedChain, LoadedInteraction } from '../../codegen/frontend/index.ts'
import { hash } from '../../codegen/ir/hash.ts'
import { hashInteraction, type InteractionProgram, printProgram } from '../../codegen/ir/interaction/index.ts'
import { definitionName, isChain } from '../families.ts'
import { type ElementDtype, type SourceTarget, sourceTargets } from '../options.ts'
import { resolveChains, resolveInteractions } from '../resolve.ts'
import { shippedChains, shippedInteractions } from '../shipped.ts'
import { chainSizes, fusedOf } from './chain.ts'
import { interactionFormsOf } from './forms.ts'
import { fittedTo, gradientsOf, kernelSteps } from './gradient.ts'
import { shippedWinners } from '../winners.ts'
import { recordedInteractions } from './recorded.ts'
import { interactionSource, sizesOf, type WantedInteraction } from './problem.ts'

type Recorded = ReturnType<typeof recordedInteractions>
const none: Recorded = () => []

type Form = Omit<WantedInteraction, 'sizes'>

export interface WantedFiles {
  readonly forms: readonly Form[]
  /** Of the steps of gradients; absent: none. */
  readonly gradients?: readonly Form[]
  readonly sizes?: Readonly<Record<string, number>>
}

const described = (loaded: LoadedInteraction, { forms, gradients, sizes: given }: WantedFiles, recorded: Recorded): GeneratedInteraction => {
  const { interaction: x } = loaded
  const sizes = sizesOf(x, given)
  const program = gradients && gradientsOf(loaded)
  const fitted = program ? gradients.map((form) => fittedTo(program, { ...form, sizes })) : []
  const forward = forms.map((form): GeneratedInteractionKernel => ({ source: interactionSource(x, { ...form, sizes }) }))
  const steps = fitted.flatMap((f, i) => kernelSteps(f.program).map((s): GeneratedInteractionKernel => ({ writes: s.writes, source: interactionSource(s.interaction, { ...gradients![i]!, sizes }) })))
  const { apart, ...together } = program ?? {}
  const gradient = program && (fitted.some((f) => f.apart) ? program : (together as InteractionProgram))
  const won = [...recorded(x, sizes), ...(gradient ? kernelSteps(gradient).flatMap((s) => recorded(s.interaction, sizes).map((r) => ({ ...r, writes: s.writes }))) : [])]
  return { name: x.name, hash: hashInteraction(x), place: `${x.span.file}:${x.span.line}`, kernels: [...forward, ...steps], recorded: won, ...(gradient && { gradient }) }
}

const describedChain = (loaded: LoadedChain, { forms, sizes: given }: WantedFiles, recorded: Recorded): GeneratedInteraction => {
  const { program } = fusedOf(loaded)
  const sizes = chainSizes(program, given)
  const { span } = loaded.steps[0]!.interaction
  const kernels = forms.flatMap((form) => kernelSteps(program).map((s): GeneratedInteractionKernel => ({ writes: s.writes, source: interactionSource(s.interaction, { ...form, sizes }) })))
  return { name: program.name, hash: hash(printProgram(program)), place: `${span.file}:${span.line}`, kernels, recorded: kernelSteps(program).flatMap((s) => recorded(s.interaction, sizes).map((r) => ({ ...r, writes: s.writes }))), chain: program }
}

type WantedFor = (name: string) => WantedFiles

/** Sources of interactions and chains in the forms wanted, and what they are in interactions.json. Throws SR8062 for a size of no axis. */
export const interactionFilesFor = (definitions: readonly (LoadedInteraction | LoadedChain)[], wanted: WantedFiles | WantedFor, winnersFile?: string): readonly OutputFile[] => {
  const recorded = winnersFile === undefined ? none : recordedInteractions(winnersFile)
  return interactionFiles(definitions.map((d) => {
    const files = typeof wanted === 'function' ? wanted(definitionName(d)) : wanted
    return isChain(d) ? describedChain(d, files, recorded) : described(d, files, recorded)
  }))
}

const formsIn = (dtypes: Readonly<Record<SourceTarget, readonly ElementDtype[]>>): readonly Form[] => sourceTargets.flatMap((target) => dtypes[target].map((dtype) => ({ target, dtype })))

/** What `generated/` holds of a shipped interaction or chain. */
export const shippedInteraction: WantedFor = (name) => {
  const forms = interactionFormsOf(name)
  const gradients = formsIn(forms.gradients)
  return { forms: formsIn(forms), ...(gradients.length && { gradients }) }
}

export const shippedInteractionFiles = async (): Promise<readonly OutputFile[]> =>
  interactionFilesFor([...(await resolveInteractions(shippedInteractions)), ...(await resolveChains(shippedChains))], shippedInteraction, shippedWinners)
