import { expect } from 'vitest'
import { deriveGradients } from '../../codegen/derive/index.ts'
import { elementCount, type Interaction, type InteractionExtent } from '../../codegen/ir/interaction/index.ts'
import { type InteractionData, runInteraction, runProgram } from '../../reference/interaction/index.ts'

/** A reproducible sequence of numbers in (-1, 1). */
export const waves = (seed: number) => {
  let i = seed * 1009
  return (): number => {
    const x = Math.sin(++i * 12.9898) * 43758.5453
    return 2 * (x - Math.floor(x)) - 1
  }
}

/** Launch numbers of a case; tensors that are not given are drawn. */
export type Launch = Omit<InteractionData, 'tensors'> & { readonly tensors?: InteractionData['tensors'] }

export const drawn = (x: Interaction, launch: Launch, seed: number): InteractionData & { readonly tensors: Record<string, Float64Array> } => {
  const next = waves(seed)
  const e: InteractionExtent = { batches: {}, capacities: {}, sizes: {}, ...launch }
  const tensors = Object.fromEntries(x.inputs.filter((t) => t.tensor === t.name).map((t) => {
    const given = launch.tensors?.[t.name]
    return [t.name, given ? Float64Array.from(given) : Float64Array.from({ length: elementCount(x, e, t) }, () => (t.dtype === 'i32' ? Math.floor(1.5 * (next() + 1)) : 2 * next()))]
  }))
  return { ...launch, tensors }
}

/** Every element of every derived gradient against (f(x + h) - f(x - h)) / 2h of f = Σ d_out · out, in double precision. Gives the number of elements compared. */
export const againstFiniteDifferences = (x: Interaction, launch: Launch, seed = 1): number => {
  const data = drawn(x, launch, seed)
  const out = runInteraction(x, data)
  const next = waves(seed + 77)
  const d_out = Float64Array.from(out, next)
  const loss = (): number => runInteraction(x, data).reduce((sum, v, i) => sum + v * d_out[i]!, 0)
  const program = deriveGradients(x)
  const given = { ...data, tensors: { ...data.tensors, d_out } }
  const gradients = runProgram(program, given)
  for (const [name, want] of Object.entries(program.apart ? runProgram(program.apart, given) : {})) {
    want.forEach((v, i) => expect(Math.abs(gradients[name]![i]! - v), `${x.name} d_${name}[${i}] beside and apart`).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(v))))
  }
  let compared = 0
  for (const t of x.inputs) {
    if (t.tensor !== t.name || t.dtype === 'i32' || x.constants.includes(t.name)) continue
    const values = data.tensors[t.name]!
    const gradient = gradients[t.name]
    if (gradient) expect(gradient.length, `${x.name} d_${t.name}`).toBe(values.length)
    for (let i = 0; i < values.length; i++) {
      const [at, h] = [values[i]!, 1e-5 * Math.max(1, Math.abs(values[i]!))]
      values[i] = at + h
      const above = loss()
      values[i] = at - h
      const slope = (above - loss()) / (2 * h)
      values[i] = at
      const got = gradient?.[i] ?? 0
      expect(Math.abs(got - slope), `${x.name} d_${t.name}[${i}] is ${got}, differences give ${slope}`).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(slope), Math.abs(got)))
      compared++
    }
  }
  return compared
}
