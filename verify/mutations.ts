import { fail } from '../codegen/ir/diagnostics/index.ts'
import { hash } from '../codegen/ir/hash.ts'
import type { KernelSource } from '../codegen/ir/manifest.ts'
import { cudaFmaMutations, cudaMmaMutations } from './mutations/cuda.ts'
import type { Mutation, MutationSet } from './mutations/types.ts'
import { wgslMutations } from './mutations/wgsl.ts'

export type { Mutation, MutationSet } from './mutations/types.ts'

/** Deliberate breakages of every loop nest's emitted text: a suite that lets one through does not check what it says. */
export const mutationSets: readonly MutationSet[] = Object.freeze([wgslMutations, cudaFmaMutations, cudaMmaMutations])

/** The text with one breakage. Throws SR6004 when its pattern does not occur or changes nothing. */
export const applyMutation = (text: string, mutation: Mutation, kernel = mutation.kernel): string => {
  const { find, replace } = mutation
  const broken = typeof find === 'string' ? text.replaceAll(find, () => replace) : text.replace(find, replace)
  if (broken === text) fail('SR6004', { mutation: mutation.name, kernel, pattern: String(find) })
  return broken
}

/** A broken kernel with a source hash of its own, so that no cache takes it for the sound one. */
export const mutateKernel = (kernel: KernelSource, mutation: Mutation): KernelSource => {
  const text = applyMutation(kernel.text, mutation, kernel.manifest.kernel)
  return Object.freeze({ text, manifest: { ...kernel.manifest, hashes: { ...kernel.manifest.hashes, source: hash(text) } } })
}
