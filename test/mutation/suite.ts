import { join } from 'node:path'
import { compileKernel, defaultProblem, defaultSchedule } from '../../codegen/compile.ts'
import { loadFile, type LoadedDefinition } from '../../codegen/frontend/index.ts'
import type { KernelSource } from '../../codegen/ir/manifest.ts'
import { templates } from '../../codegen/schedule/templates/index.ts'
import type { CompiledKernel, Device } from '../../runtime/device.ts'
import { type AttentionCase, drawCase, verifyKernel } from '../../verify/index.ts'
import type { Mutation, MutationSet } from '../../verify/mutations.ts'

const HEAD_DIM = 8
const root = join(import.meta.dirname, '../..')

const load = async (name: string): Promise<LoadedDefinition> => {
  for (const file of [join(root, 'kernels/index.ts'), join(root, 'test/mutation/variants.ts')]) {
    const found = (await loadFile(file)).definitions.find((d) => d.algorithm.name === name)
    if (found) return found
  }
  throw new Error(`no definition ${name}`)
}

/** Sequences of several tiles, tile + 2, one row, empty; some seeds have i64 offsets and rows past the end. */
const lengthSets = [[70, 0, 34, 5], [130, 3], [1, 66, 2, 200], [33, 0, 97]]

export interface Subject {
  readonly loaded: LoadedDefinition
  readonly kernel: KernelSource
  readonly cases: readonly AttentionCase[]
}

const subjects = new Map<string, Promise<Subject>>()

/** What a breakage is tried on. */
export type Tried = Pick<Mutation, 'kernel' | 'schedule' | 'launch'>

/** Every kernel and launch that breakages are tried on, once. */
export const triedBy = (set: MutationSet): readonly Tried[] => [...new Map(set.mutations.map(({ kernel, schedule, launch }): [string, Tried] => [keyOf({ kernel, schedule, launch }), { kernel, ...(schedule && { schedule }), ...(launch && { launch }) }])).values()]

const keyOf = ({ kernel, schedule, launch }: Tried): string => JSON.stringify([kernel, schedule, launch])

/** A definition's sound kernel of a loop nest, and the cases that every breakage of it is tried on. */
export const subjectOf = (set: MutationSet, tried: Tried): Promise<Subject> => {
  const key = `${set.template} ${keyOf(tried)}`
  const make = async (): Promise<Subject> => {
    const loaded = await load(tried.kernel)
    const { algorithm } = loaded
    const { target } = templates[set.template]
    const problem = { ...defaultProblem(algorithm, set.dtype, HEAD_DIM), valueDim: tried.launch?.valueDim ?? HEAD_DIM }
    const usual = defaultSchedule(target, algorithm, problem)
    if (usual.template !== set.template) throw new Error(`${set.template} is not the default loop nest of ${set.dtype}`)
    const kernel = compileKernel(algorithm, problem, { target, schedule: { ...usual, values: { ...usual.values, ...tried.schedule } } })
    const cases = Array.from({ length: 8 }, (_, i) => drawCase(i + 1, algorithm, { lengths: lengthSets[i % lengthSets.length]!, heads: 2, headDim: HEAD_DIM, dtype: set.dtype, ...tried.launch }))
    return { loaded, kernel, cases }
  }
  const known = subjects.get(key) ?? make()
  subjects.set(key, known)
  return known
}

/** The first case that a compiled kernel fails, with what is wrong; undefined when it passes all. */
export const firstFailure = async (device: Device, compiled: CompiledKernel, kernel: KernelSource, { loaded, cases }: Subject): Promise<string | undefined> => {
  for (const c of cases) {
    const { ok, problems } = await verifyKernel(device, compiled, kernel, loaded.definition, c)
    if (!ok) return problems[0]
  }
  return undefined
}
