import { type GeneratedInteraction, type GeneratedInteractionKernel, interactionFiles } from '../../codegen/emit/generate-interaction.ts'
import type { OutputFile } from '../../codegen/emit/write.ts'
import type { LoadedInteraction } from '../../codegen/frontend/index.ts'
import { hashInteraction, type Interaction, type InteractionProgram } from '../../codegen/ir/interaction/index.ts'
import type { ElementDtype, SourceTarget } from '../options.ts'
import { resolveInteractions } from '../resolve.ts'
import { shippedInteractions } from '../shipped.ts'
import { gradientsOf, kernelSteps } from './gradient.ts'
import { interactionSource, sizesOf, type WantedInteraction } from './problem.ts'

type Form = Omit<WantedInteraction, 'sizes'>

export interface WantedFiles {
  readonly forms: readonly Form[]
  readonly sizes?: Readonly<Record<string, number>>
  readonly gradients: boolean
}

const kernelsOf = (x: Interaction, gradient: InteractionProgram | undefined, { forms, sizes: given }: WantedFiles): readonly GeneratedInteractionKernel[] => {
  const sizes = sizesOf(x, given)
  const steps = gradient ? kernelSteps(gradient) : []
  return forms.flatMap((form): GeneratedInteractionKernel[] => [
    { source: interactionSource(x, { ...form, sizes }) },
    ...steps.map((s) => ({ writes: s.writes, source: interactionSource(s.interaction, { ...form, sizes }) })),
  ])
}

const described = (loaded: LoadedInteraction, wanted: WantedFiles): GeneratedInteraction => {
  const { interaction: x } = loaded
  const gradient = wanted.gradients ? gradientsOf(loaded) : undefined
  return { name: x.name, hash: hashInteraction(x), place: `${x.span.file}:${x.span.line}`, kernels: kernelsOf(x, gradient, wanted), ...(gradient && { gradient }) }
}

/** Sources of interactions in each form, with the steps of their gradients where asked. Throws SR8062 for a size of no axis. */
export const interactionFilesFor = (definitions: readonly LoadedInteraction[], wanted: WantedFiles): readonly OutputFile[] => interactionFiles(definitions.map((d) => described(d, wanted)))

/** What `generated/` holds of every shipped interaction, at 64 for each dense axis. */
export const shippedInteractionForms = Object.freeze({ wgsl: ['f32', 'bf16'], cuda: ['f32', 'f16', 'bf16'] } as const satisfies Readonly<Record<SourceTarget, readonly ElementDtype[]>>)

const shippedForms: readonly Form[] = Object.entries(shippedInteractionForms).flatMap(([target, dtypes]) => dtypes.map((dtype) => ({ target: target as SourceTarget, dtype })))

export const shippedInteractionFiles = async (): Promise<readonly OutputFile[]> => interactionFilesFor(await resolveInteractions(shippedInteractions), { forms: shippedForms, gradients: true })
