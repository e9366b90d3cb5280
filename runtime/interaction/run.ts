import type { InteractionManifest } from '../../codegen/ir/interaction/index.ts'
import type { CompiledInteraction } from '../device.ts'
import type { InteractionInputs, InteractionOptions } from './inputs.ts'
import { prepareInteraction } from './prepare.ts'
import { type InteractionOutput, readInteraction } from './read.ts'

export interface InteractionRun extends InteractionOutput {
  readonly times: readonly number[]
  readonly findings: readonly string[]
}

/** One checked launch from inputs to output. */
export const runInteraction = async (compiled: CompiledInteraction, manifest: InteractionManifest, inputs: InteractionInputs, options: InteractionOptions = {}): Promise<InteractionRun> => {
  const prepared = prepareInteraction(manifest, inputs, options)
  const result = prepared.job && (await compiled.run(prepared.job))
  return { ...readInteraction(prepared, result), times: result?.times ?? [], findings: result?.findings ?? [] }
}
