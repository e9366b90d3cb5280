import type { InteractionResult } from '../device.ts'
import { brokenCanary, changedInput, isPoison } from '../guards.ts'
import { type ElementBits, elementBytes, elementsFrom, elementType, valuesOf, zeros } from './elements.ts'
import { OUT, type PreparedInteraction } from './prepare.ts'
import { elementText } from './shape.ts'

export interface InteractionOutput {
  /** Packed; 0 in rows past the last offset. */
  readonly out: Float64Array | Int32Array
  readonly bits: ElementBits
}

/** Takes a launch's result apart; `result` is null exactly when nothing was launched. */
export const readInteraction = ({ manifest, elements, job }: PreparedInteraction, result: InteractionResult | null): InteractionOutput => {
  const type = elementType(manifest, manifest.output)
  const bits = result && job ? elementsFrom(type, result.buffers[OUT]!, elements) : zeros(type, elements)
  return { out: valuesOf(type, bits), bits }
}

/** What was written outside its buffer, one sentence each; needs a job prepared with canaries. */
export const checkInteractionCanaries = ({ lengths }: PreparedInteraction, { buffers }: InteractionResult): readonly string[] =>
  Object.entries(lengths).flatMap(([name, length]) => brokenCanary(name, buffers[name], length) ?? [])

/** Inputs that the launch changed; needs a job prepared with canaries. */
export const checkInteractionInputs = ({ manifest, job, lengths }: PreparedInteraction, { buffers }: InteractionResult): readonly string[] =>
  manifest.buffers.filter(({ name }) => name !== OUT && name !== 'partials').flatMap(({ name }) => changedInput(name, job?.buffers[name], buffers[name], lengths[name] ?? 0) ?? [])

/** The first element of the output that the launch never wrote; needs a job prepared with poison. */
export const checkInteractionPoison = ({ manifest, extent, elements, job }: PreparedInteraction, { buffers }: InteractionResult): readonly string[] => {
  const size = elementBytes(elementType(manifest, manifest.output))
  for (let i = 0; job && i < elements; i++) if (isPoison(buffers[OUT]!, i * size, size)) return [`out was not written at ${elementText(manifest, extent, manifest.output, i)}`]
  return []
}
