import { hashAlgorithm } from '../codegen/ir/algorithm.ts'
import type { Algorithm, Dtype } from '../codegen/ir/algorithm.ts'
import type { LoadedDefinition } from '../codegen/frontend/index.ts'
import { type GeneratedDefinition, generatedFiles, type RecordedKernel } from '../codegen/emit/generate.ts'
import type { OutputFile } from '../codegen/emit/write.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import type { KernelSource } from '../codegen/ir/manifest.ts'
import { sourceFor, type Wanted } from './compile.ts'
import { shippedInteractionFiles } from './interaction/generated.ts'
import { inProject } from './paths.ts'
import { recordedKernels } from './recorded.ts'
import { resolveAll } from './resolve.ts'
import { grouped } from './text.ts'
import { shippedPython } from './python.ts'
import { formsOf } from './forms.ts'
import { shippedNames } from './shipped.ts'
import { shippedWinners } from './winners.ts'

type Recorded = (algorithm: Algorithm) => readonly RecordedKernel[]

/** Subgroups reduce rows of a softmax; a pointwise kernel has none to reduce. */
const usualKernels = (algorithm: Algorithm, wanted: readonly Wanted[]): readonly KernelSource[] =>
  wanted.filter((w) => !w.subgroups || algorithm.normalizer.kind !== 'pointwise').map((w) => sourceFor(algorithm, w))

const describe = ({ algorithm }: LoadedDefinition, wanted: readonly Wanted[], recorded: Recorded): GeneratedDefinition => ({
  name: algorithm.name,
  hash: hashAlgorithm(algorithm),
  place: `${algorithm.span.file}:${algorithm.span.line}`,
  layout: algorithm.layout,
  captures: algorithm.captures,
  kernels: usualKernels(algorithm, wanted),
  recorded: recorded(algorithm),
})

type WantedFor = (definition: LoadedDefinition) => readonly Wanted[]

/** The files of definitions for each wanted kernel, or for those that each definition wants. */
export const filesFor = (definitions: readonly LoadedDefinition[], wanted: readonly Wanted[] | WantedFor, winnersFile?: string): readonly OutputFile[] => {
  const recorded = winnersFile === undefined ? () => [] : recordedKernels(winnersFile)
  return generatedFiles(definitions.map((d) => describe(d, typeof wanted === 'function' ? wanted(d) : wanted, recorded)))
}

/** What `generated/` holds of a shipped kernel. */
export const shippedKernels = (name: string): readonly Wanted[] => {
  const { dims, wgsl, subgroups, cuda } = formsOf(name)
  return dims.flatMap((dim): Wanted[] => [
    ...wgsl.flatMap((dtype): Wanted[] => [false, ...(subgroups.includes(dtype) ? [true] : [])].map((on) => ({ target: 'wgsl', dtype, dim, subgroups: on }))),
    ...cuda.map((dtype): Wanted => ({ target: 'cuda', dtype, dim })),
  ])
}

const GENERATED_BYTES = 20 * 1024 * 1024

/** Bytes of files that are to be checked in. Throws SR8052 above 20 MiB. */
export const sizeOf = (files: readonly OutputFile[]): number => {
  const bytes = files.reduce((sum, f) => sum + Buffer.byteLength(f.content), 0)
  return bytes <= GENERATED_BYTES ? bytes : fail('SR8052', { bytes: grouped(bytes), limit: grouped(GENERATED_BYTES) })
}

export const shippedFiles = async (): Promise<readonly OutputFile[]> => {
  const definitions = await resolveAll(shippedNames)
  return [...filesFor(definitions, (d) => shippedKernels(d.algorithm.name), shippedWinners), ...shippedPython(definitions), ...(await shippedInteractionFiles())]
}
