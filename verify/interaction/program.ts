import { compileInteraction } from '../../codegen/compile-interaction.ts'
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import { type Axis, type Interaction, type InteractionProgram, type InteractionSchedule, type InteractionSource, type KernelStep, ownerOf } from '../../codegen/ir/interaction/index.ts'
import { fitProgram } from '../../codegen/lower/interaction/index.ts'
import type { Limits } from '../../codegen/schedule/types.ts'
import { plainArithmetic } from '../../reference/arithmetic.ts'
import { runProgram as referenceProgram } from '../../reference/interaction/index.ts'
import type { CompiledInteraction, Device } from '../../runtime/device.ts'
import { roundTo } from '../../runtime/dtypes.ts'
import { runProgram } from '../../runtime/interaction/index.ts'
import { largest, largestError } from '../compare.ts'
import { allowedError, toleranceRule } from '../tolerance.ts'
import { drawInteractionCase, type InteractionCase, type InteractionShape } from './case.ts'

const kernels = (p: InteractionProgram): readonly KernelStep[] => p.steps.flatMap((s) => (s.kind === 'kernel' ? [s] : []))

/** All that a caller of a program gives, as one interaction: external tensors as the first step reads them, every axis of every step. Only drawn for, never run. */
export const inputsOfProgram = (p: InteractionProgram): Interaction => {
  const steps = kernels(p)
  const made = new Set(p.steps.flatMap((s) => (s.kind === 'lists' ? [`${s.name}_items`] : [s.writes])))
  const axes = new Map<string, Axis>()
  for (const { interaction: x } of steps) for (const a of x.axes) { const known = axes.get(a.name); if (!known || (!known.length && a.length) || (known.index && !a.index)) axes.set(a.name, a) }
  const tensors = new Map(steps.flatMap(({ interaction: x }) => x.inputs).filter((t) => !made.has(t.tensor)).reverse().map((t) => [t.tensor, { ...t, name: t.tensor }]))
  const captures = new Map(steps.flatMap(({ interaction: x }) => x.captures).map((c) => [c.name, c]))
  const last = steps.at(-1)!.interaction
  return { ...last, name: p.name, axes: [...axes.values()], inputs: [...tensors.values()], captures: [...captures.values()], passes: [], reduced: [] }
}

/** A case of a program's inputs; how many lists there are follows from the lists. */
export const drawProgramCase = (seed: number, p: InteractionProgram, shape: InteractionShape): InteractionCase => {
  const x = inputsOfProgram(p)
  const c = drawInteractionCase(seed, x, shape)
  const listed = new Set(p.steps.flatMap((s) => (s.kind === 'lists' ? x.axes.filter((a) => a.name === s.name).map((a) => a.batch) : [])))
  const others = (batches: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> => Object.fromEntries(Object.entries(batches).filter(([name]) => !listed.has(name)))
  return { ...c, inputs: { ...c.inputs, batches: others(c.inputs.batches) }, data: { ...c.data, batches: others(c.data.batches) } }
}

/** Sizes of the dense axes that a step has of its own. */
const ownSizes = (x: Interaction, sizes: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(x.axes.filter((a) => a.kind === 'dense' && !a.index && ownerOf(x, a.name) === a.name).map((a) => [a.name, sizes[a.name]!]))

export interface CompiledProgram {
  readonly program: InteractionProgram
  readonly kernels: Readonly<Record<string, { readonly compiled: CompiledInteraction; readonly manifest: InteractionSource['manifest'] }>>
}

/** Every step of a program, compiled with its default schedule; sums apart where the device has no kernel that adds them up beside an output. */
export const compileProgram = async (device: Device, given: InteractionProgram, dtype: Dtype, sizes: Readonly<Record<string, number>>, limits?: Limits, schedules: Readonly<Record<string, InteractionSchedule>> = {}): Promise<CompiledProgram> => {
  const { program } = fitProgram(given, device.info.target, (x) => ({ dtype, sizes: ownSizes(x, sizes) }), limits)
  const made = await Promise.all(kernels(program).map(async ({ writes, interaction: x }) => {
    const source = compileInteraction(x, { dtype, sizes: ownSizes(x, sizes) }, { target: device.info.target, ...(limits && { limits }), ...(schedules[writes] && { schedule: schedules[writes] }) })
    return [writes, { compiled: await device.compileInteraction(source), manifest: source.manifest }] as const
  }))
  return { program, kernels: Object.fromEntries(made) }
}

/** One sentence for each result of a program that is off by more than the tolerance rule allows. `gradient`: its k is that of gradients. */
export const verifyProgram = async (device: Device, { program, kernels: made }: CompiledProgram, c: InteractionCase, gradient: boolean): Promise<readonly string[]> => {
  const { dtype } = c.shape
  const want = referenceProgram(program, c.data)
  const plain = referenceProgram(program, c.data, { arithmetic: plainArithmetic((v) => (dtype === 'i32' ? v : roundTo(dtype, v))) })
  const run = await runProgram(program, made, c.inputs, { poison: true })
  const findings = Object.values(run.steps).flatMap((s) => s.findings)
  return [...findings, ...Object.entries(run.results).flatMap(([name, { out }]) => {
    const allowed = allowedError(device.info.target, dtype as Dtype, largestError(plain[name]!, want[name]!).max, largest(want[name]!), gradient ? toleranceRule.kGradient : toleranceRule.k)
    const { max, at } = out.length === want[name]!.length ? largestError(out, want[name]!) : { max: Infinity, at: -1 }
    return max <= allowed ? [] : [`${name} is off by ${max}, allowed ${allowed}${at >= 0 ? `, at element ${at}: got ${out[at]}, want ${want[name]![at]}` : ''}`]
  })]
}
