import type { InteractionProgram, KernelStep, TensorSpec } from '../ir/interaction/index.ts'
import { computes, merge, readsPerElement } from './merge.ts'

/** An intermediate that is no longer written and read: two passes over its bytes less. */
export interface Saved {
  readonly tensor: string
  readonly spec: TensorSpec
  readonly from: string
  readonly into: string
}

export interface FusedProgram {
  readonly program: InteractionProgram
  readonly saved: readonly Saved[]
  /** Pairs that stay apart, and why. */
  readonly kept: readonly { readonly tensor: string; readonly from: string; readonly into: string; readonly why: string }[]
}

const isKernel = (s: InteractionProgram['steps'][number]): s is KernelStep => s.kind === 'kernel'

/** Merges neighbours until none fits: a step's output that is no result and has one reader goes into that reader's kernel. Computes the same values with fewer bytes moved. */
export const fuseProgram = (given: InteractionProgram): FusedProgram => {
  let steps = [...given.steps]
  const saved: Saved[] = []
  const kept = new Map<string, FusedProgram['kept'][number]>()
  const results = new Set(Object.values(given.results))
  for (let changed = true; changed;) {
    changed = false
    for (const [i, p] of steps.entries()) {
      if (!isKernel(p) || results.has(p.writes)) continue
      const readers = steps.filter((s) => (isKernel(s) ? s.interaction.inputs.some((t) => t.tensor === p.writes) : s.keys === p.writes))
      const [reader] = readers
      if (readers.length !== 1 || !reader || !isKernel(reader)) continue
      const pair = { tensor: p.writes, from: p.interaction.name, into: reader.interaction.name }
      const read = reader.interaction.inputs.find((t) => t.tensor === p.writes)!
      const costly = !p.interaction.passes.length && computes(p.interaction) && readsPerElement(reader.interaction, read) === 'often' && reader.interaction.passes.length > 0
      const merged = costly ? 'its elements would be computed again for every row or column' : merge(p.interaction, reader.interaction, p.writes)
      if (typeof merged === 'string') { kept.set(p.writes, { ...pair, why: merged }); continue }
      kept.delete(p.writes)
      saved.push({ ...pair, spec: p.interaction.output })
      steps = steps.flatMap((s, k) => (k === i ? [] : s === reader ? [{ ...reader, interaction: merged }] : [s]))
      changed = true
      break
    }
  }
  return { program: { ...given, steps }, saved, kept: [...kept.values()] }
}
