import { bufferName, elementCount, type TensorSpec } from '../../codegen/ir/interaction/index.ts'
import type { InteractionResult } from '../device.ts'
import { brokenCanary, changedInput, isPoison } from '../guards.ts'
import { type ElementBits, elementBytes, elementsFrom, elementType, valuesOf, zeros } from './elements.ts'
import { madeBuffers, OUT, type PreparedInteraction, sumsOf } from './prepare.ts'
import { elementText } from './shape.ts'

/** A tensor that a launch made. */
export interface InteractionTensor {
  /** Packed; 0 in rows past the last offset. */
  readonly out: Float64Array | Int32Array
  readonly bits: ElementBits
}
export interface InteractionOutput extends InteractionTensor {
  /** By tensor: the sums beside the output. */
  readonly sums: Readonly<Record<string, InteractionTensor>>
}

/** Takes a launch's result apart; `result` is null exactly when nothing was launched: then all is 0. */
export const readInteraction = ({ manifest, extent, elements, job }: PreparedInteraction, result: InteractionResult | null): InteractionOutput => {
  const read = (t: TensorSpec, name: string, count: number): InteractionTensor => {
    const type = elementType(manifest, t)
    const bits = result && job ? elementsFrom(type, result.buffers[name]!, count) : zeros(type, count)
    return { out: valuesOf(type, bits), bits }
  }
  const sums = sumsOf(manifest).map((t) => [t.tensor, read(t, bufferName.tensor(t.tensor), elementCount(manifest, extent, t))] as const)
  return { ...read(manifest.output, OUT, elements), sums: Object.fromEntries(sums) }
}

/** What was written outside its buffer, one sentence each; needs a job prepared with canaries. */
export const checkInteractionCanaries = ({ lengths }: PreparedInteraction, { buffers }: InteractionResult): readonly string[] =>
  Object.entries(lengths).flatMap(([name, length]) => brokenCanary(name, buffers[name], length) ?? [])

/** Inputs that the launch changed; needs a job prepared with canaries. */
export const checkInteractionInputs = ({ manifest, job, lengths }: PreparedInteraction, { buffers }: InteractionResult): readonly string[] =>
  manifest.buffers.filter(({ name }) => !madeBuffers(manifest).includes(name) && name !== 'partials').flatMap(({ name }) => changedInput(name, job?.buffers[name], buffers[name], lengths[name] ?? 0) ?? [])

/** The first element of each tensor, and of the parts that sums are added up from, that the launch never wrote; needs a job prepared with poison. */
export const checkInteractionPoison = ({ manifest, extent, job, lengths }: PreparedInteraction, { buffers }: InteractionResult): readonly string[] => {
  const unwritten = (t: TensorSpec, name: string, what: string): readonly string[] => {
    const size = elementBytes(elementType(manifest, t))
    const count = job ? elementCount(manifest, extent, t) : 0
    for (let i = 0; i < count; i++) if (isPoison(buffers[name]!, i * size, size)) return [`${what} was not written at ${elementText(manifest, extent, t, i)}`]
    return []
  }
  const parts = (): readonly string[] => {
    for (let at = 0; job && manifest.sums && at < lengths.partials!; at += 4) if (isPoison(buffers.partials!, at, 4)) return [`partials was not written at element ${at / 4}`]
    return []
  }
  return [...unwritten(manifest.output, OUT, 'out'), ...parts(), ...sumsOf(manifest).flatMap((t) => unwritten(t, bufferName.tensor(t.tensor), t.tensor))]
}
