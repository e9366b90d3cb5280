import { formatDiagnostic } from '../../codegen/ir/diagnostics/index.ts'
import { printInteractionSchedule } from '../../codegen/lower/interaction/bind.ts'
import type { Interaction, InteractionProgram, InteractionSchedule, InteractionSource } from '../../codegen/ir/interaction/index.ts'
import type { CompiledInteraction, Device } from '../../runtime/device.ts'
import type { ProgramKernel } from '../../runtime/interaction/index.ts'
import { chooseInteractionSchedule } from '../../tune/interaction/choose.ts'
import { limitsOf } from '../../tune/limits.ts'
import { display } from '../paths.ts'
import { figure, milliseconds } from '../text.ts'
import type { Context } from '../types.ts'
import { fittedTo, kernelSteps } from './gradient.ts'
import { interactionSource, problemOf, type WantedInteraction } from './problem.ts'

/** Where a kernel's schedule comes from. */
export interface PickedSchedule {
  readonly from: 'winner' | 'default' | 'given'
  readonly reason: string
}

export interface OpenKernel extends ProgramKernel {
  /** The tensor that it makes. */
  readonly writes: string
  readonly interaction: Interaction
  readonly source: InteractionSource
  readonly picked: PickedSchedule
}

/** Files of winners to look into, in order, and the lengths of the launch by jagged axis. */
export interface Recorded {
  readonly paths: readonly string[]
  readonly lengths: Readonly<Record<string, readonly number[]>>
  readonly context: Context
}

const pick = (device: Device, x: Interaction, wanted: WantedInteraction, recorded: Recorded | undefined): PickedSchedule & { readonly schedule?: InteractionSchedule['values'] } => {
  if (wanted.schedule) return { from: 'given', reason: 'fields of it are given', schedule: wanted.schedule }
  if (!recorded) return { from: 'default', reason: 'the default' }
  const { winner, path, warnings } = chooseInteractionSchedule(recorded.paths, { x, problem: problemOf(x, wanted), info: device.info, lengths: recorded.lengths })
  for (const w of warnings) recorded.context.note(formatDiagnostic(w))
  if (!winner) return { from: 'default', reason: 'the default: no winner is recorded for this kernel, device and profile of lengths' }
  return { from: 'winner', schedule: winner.schedule.values, reason: `recorded in ${display(path!)}: ${milliseconds(winner.ms)}${winner.default.ms === null ? '' : `, the default schedule ${figure(winner.default.ms)}`}` }
}

/** Compiles the kernels of a program for an open device, with recorded winners where they are asked for; they are disposed of whatever happens. `use` gets the program that they are of. */
export const withKernels = async <T>(device: Device, program: InteractionProgram, wanted: WantedInteraction, use: (kernels: readonly OpenKernel[], program: InteractionProgram) => Promise<T>, recorded?: Recorded): Promise<T> => {
  const open: CompiledInteraction[] = []
  try {
    const kernels: OpenKernel[] = []
    const { program: fitted } = fittedTo(program, wanted, limitsOf(device.info))
    for (const { writes, interaction } of kernelSteps(fitted)) {
      const { schedule, ...picked } = pick(device, interaction, wanted, recorded)
      const source = interactionSource(interaction, { ...wanted, ...(schedule && { schedule }) }, limitsOf(device.info))
      const compiled = await device.compileInteraction(source)
      open.push(compiled)
      kernels.push({ writes, interaction, compiled, source, manifest: source.manifest, picked })
    }
    return await use(kernels, fitted)
  } finally {
    open.forEach((k) => k.dispose())
  }
}

export const byTensor = (kernels: readonly OpenKernel[]): Readonly<Record<string, OpenKernel>> => Object.fromEntries(kernels.map((k) => [k.writes, k]))

export const scheduleTexts = (kernels: readonly OpenKernel[]): readonly string[] => kernels.map((k) => `${k.writes} ${printInteractionSchedule(k.manifest.schedule)}`)

/** The schedule of each kernel and where it comes from. */
export const schedulesOf = (kernels: readonly OpenKernel[]) => kernels.map(({ writes, manifest, picked }) => ({ writes, schedule: manifest.schedule, ...picked }))
export const scheduleLines = (schedules: ReturnType<typeof schedulesOf>): readonly string[] => schedules.map((s) => `  ${s.writes} by ${printInteractionSchedule(s.schedule)} (${s.reason})`)
