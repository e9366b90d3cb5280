import { axisOf, batchCount, type InteractionExtent, type InteractionManifest, type InteractionProgram, type KernelStep, type ListStep, sizeOf } from '../../codegen/ir/interaction/index.ts'
import type { CompiledInteraction } from '../device.ts'
import type { InteractionInputs, InteractionOptions } from './inputs.ts'
import { listsOf } from './lists.ts'
import { deriveOffsets } from './offsets.ts'
import type { InteractionTensor } from './read.ts'
import { type InteractionRun, runInteraction } from './run.ts'

export interface ProgramKernel {
  readonly compiled: CompiledInteraction
  readonly manifest: InteractionManifest
}

export interface ProgramRun {
  /** By the input whose gradient it is. */
  readonly results: Readonly<Record<string, InteractionTensor>>
  /** Of each kernel step, by the tensor it makes. */
  readonly steps: Readonly<Record<string, Pick<InteractionRun, 'times' | 'findings'>>>
}

const pick = <T>(from: Readonly<Record<string, T>> | undefined, names: readonly string[]): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(from ?? {}).filter(([name]) => names.includes(name)))

/** The part of a program's inputs that one of its kernels takes; lengths that follow from others are derived. */
export const stepInputs = ({ interaction: x }: KernelStep, m: InteractionManifest, all: InteractionInputs): InteractionInputs => {
  const owners = (kind: string): readonly string[] => m.axes.filter((a) => a.kind === kind && a.like === a.name).map((a) => a.name)
  return {
    tensors: pick(all.tensors, m.inputs.map((t) => t.tensor)),
    offsets: pick(deriveOffsets(x, all.offsets ?? {}, { ...all, sizes: { ...all.sizes, ...m.sizes } }), owners('jagged')),
    batches: pick(all.batches, owners('batch')),
    capacities: pick(all.capacities, owners('jagged')),
    sizes: pick(all.sizes, owners('dense')),
    rows: pick(all.rows, m.segments.map((s) => s.name)),
    captures: pick(all.captures, m.captures.map((c) => c.name)),
  }
}

/** Adds the lists of a step: the jagged axis of its name has their lengths, the tensor `NAME_items` their members. */
const withLists = (program: InteractionProgram, kernels: Readonly<Record<string, ProgramKernel>>, { name, keys, axis }: ListStep, all: InteractionInputs): InteractionInputs => {
  const user = program.steps.find((s): s is KernelStep => s.kind === 'kernel' && s.interaction.axes.some((a) => a.name === axis))!
  const offsets = Object.fromEntries(Object.entries(all.offsets ?? {}).map(([owner, o]) => [owner, Array.from(o as ArrayLike<number | bigint>, Number)]))
  const extent: InteractionExtent = { offsets, batches: all.batches ?? {}, capacities: {}, sizes: { ...all.sizes, ...kernels[user.writes]!.manifest.sizes } }
  const n = (axisOf(user.interaction, axis).kind === 'batch' ? batchCount : sizeOf)(user.interaction, extent, axis)
  const lists = listsOf(all.tensors[keys] as ArrayLike<number>, n)
  return { ...all, sizes: { ...all.sizes, [`${name}_keys`]: (all.tensors[keys] as ArrayLike<number>).length }, offsets: { ...all.offsets, [name]: lists.offsets }, tensors: { ...all.tensors, [`${name}_items`]: lists.items } }
}

/** Runs the steps of a program one after another, its lists on the host; `kernels` by the tensor that each makes, `onStep` sees what each is given. */
export const runProgram = async (
  program: InteractionProgram, kernels: Readonly<Record<string, ProgramKernel>>, inputs: InteractionInputs, options: InteractionOptions = {}, onStep: (writes: string, inputs: InteractionInputs) => void = () => {},
): Promise<ProgramRun> => {
  // A size that one kernel is made for is a number of the launch where another computes the coordinate.
  const made = Object.assign({}, ...program.steps.flatMap((s) => (s.kind === 'kernel' ? [kernels[s.writes]!.manifest.sizes] : []))) as Readonly<Record<string, number>>
  let all: InteractionInputs = { ...inputs, sizes: { ...made, ...inputs.sizes } }
  const runs: Record<string, InteractionRun> = {}
  const tensors: Record<string, InteractionTensor> = {}
  for (const step of program.steps) {
    if (step.kind === 'lists') { all = withLists(program, kernels, step, all); continue }
    const { compiled, manifest } = kernels[step.writes]!
    const own = stepInputs(step, manifest, all)
    onStep(step.writes, own)
    const run = (runs[step.writes] = await runInteraction(compiled, manifest, own, options))
    for (const [tensor, { out, bits }] of [[step.writes, run] as const, ...Object.entries(run.sums)]) tensors[tensor] = { out, bits }
    all = { ...all, tensors: { ...all.tensors, ...Object.fromEntries(Object.entries(tensors).map(([name, { bits }]) => [name, bits])) } }
  }
  return {
    results: Object.fromEntries(Object.entries(program.results).map(([input, tensor]) => [input, tensors[tensor]!])),
    steps: Object.fromEntries(Object.entries(runs).map(([name, { times, findings }]) => [name, { times, findings }])),
  }
}
