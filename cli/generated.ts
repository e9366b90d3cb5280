import { hashAlgorithm } from '../codegen/ir/algorithm.ts'
import type { Algorithm, Dtype } from '../codegen/ir/algorithm.ts'
import { compileKernel } from '../codegen/compile.ts'
import type { LoadedDefinition } from '../codegen/frontend/index.ts'
import { type GeneratedDefinition, generatedFiles, type GeneratedKernel } from '../codegen/emit/generate.ts'
import type { OutputFile } from '../codegen/emit/write.ts'
import { printSchedule } from '../codegen/ir/schedule.ts'
import { limitsOf } from '../tune/limits.ts'
import { listWinners } from '../tune/winners.ts'
import { sourceFor, type Wanted } from './compile.ts'
import { inProject } from './paths.ts'
import { resolveAll } from './resolve.ts'
import { shippedNames } from './shipped.ts'

/** Subgroups reduce rows of a softmax; a pointwise kernel has none to reduce. */
const kernelsOf = ({ algorithm }: LoadedDefinition, wanted: readonly Wanted[], winners: ReturnType<typeof recordedWinners>): readonly GeneratedKernel[] => {
  const useful = wanted.filter((w) => !w.subgroups || algorithm.normalizer.kind === 'softmax')
  const usual = useful.map((w) => ({ source: sourceFor(algorithm, w) }))
  const known = new Set(usual.map((k) => `${k.source.manifest.kernel} ${printSchedule(k.source.manifest.schedule)}`))
  const tuned = winners(algorithm).filter((k) => !known.has(`${k.source.manifest.kernel} ${printSchedule(k.source.manifest.schedule)}`))
  return [...usual, ...tuned]
}

/** Kernels of recorded winners, emitted for the device that they were measured on. A winner of another definition text is left out. */
const recordedWinners = (path: string) => {
  const { winners } = listWinners(path)
  return (algorithm: Algorithm): readonly GeneratedKernel[] => {
    const made = winners.filter((w) => w.key.definition.name === algorithm.name && w.key.definition.hash === hashAlgorithm(algorithm)).map((w): GeneratedKernel => ({
      source: compileKernel(algorithm, { dtype: w.key.dtype, headDim: w.key.headDim, lse: w.key.lse }, { target: w.key.target, limits: limitsOf(w.key.device), schedule: w.schedule }),
      winner: { device: w.key.device.name, ms: w.ms, defaultMs: w.default.ms },
    }))
    return [...new Map(made.map((k) => [k.source.manifest.hashes.plan, k])).values()]
  }
}

const noWinners = (): readonly GeneratedKernel[] => []

const describe = (d: LoadedDefinition, wanted: readonly Wanted[], winners: (a: Algorithm) => readonly GeneratedKernel[]): GeneratedDefinition => ({
  name: d.algorithm.name,
  hash: hashAlgorithm(d.algorithm),
  place: `${d.algorithm.span.file}:${d.algorithm.span.line}`,
  captures: d.algorithm.captures,
  kernels: kernelsOf(d, wanted, winners),
})

/** The files of definitions for each wanted kernel. */
export const filesFor = (definitions: readonly LoadedDefinition[], wanted: readonly Wanted[], winnersFile?: string): readonly OutputFile[] => {
  const winners = winnersFile === undefined ? noWinners : recordedWinners(winnersFile)
  return generatedFiles(definitions.map((d) => describe(d, wanted, winners)))
}

const dims = [64, 128]
const wgslDtypes: readonly Dtype[] = ['f32', 'f16']
const cudaDtypes: readonly Dtype[] = ['f32', 'f16', 'bf16']

/** What `generated/` holds of every shipped kernel. */
export const shippedKernels: readonly Wanted[] = Object.freeze(dims.flatMap((dim): Wanted[] => [
  ...wgslDtypes.flatMap((dtype): Wanted[] => [false, true].map((subgroups) => ({ target: 'wgsl', dtype, dim, subgroups }))),
  ...cudaDtypes.map((dtype): Wanted => ({ target: 'cuda', dtype, dim })),
]))

export const GENERATED_BYTES = 20 * 1024 * 1024
export const winnersFile = inProject('generated', 'winners.json')

export const shippedFiles = async (): Promise<readonly OutputFile[]> => filesFor(await resolveAll(shippedNames), shippedKernels, winnersFile)
