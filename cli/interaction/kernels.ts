import { printInteractionSchedule } from '../../codegen/lower/interaction/bind.ts'
import type { InteractionProgram, InteractionSource } from '../../codegen/ir/interaction/index.ts'
import type { CompiledInteraction, Device } from '../../runtime/device.ts'
import type { ProgramKernel } from '../../runtime/interaction/index.ts'
import { limitsOf } from '../../tune/limits.ts'
import { kernelSteps } from './gradient.ts'
import { interactionSource, type WantedInteraction } from './problem.ts'

export interface OpenKernel extends ProgramKernel {
  /** The tensor that it makes. */
  readonly writes: string
  readonly source: InteractionSource
}

/** Compiles the kernels of a program for an open device; they are disposed of whatever happens. */
export const withKernels = async <T>(device: Device, program: InteractionProgram, wanted: WantedInteraction, use: (kernels: readonly OpenKernel[]) => Promise<T>): Promise<T> => {
  const open: CompiledInteraction[] = []
  try {
    const kernels: OpenKernel[] = []
    for (const { writes, interaction: x } of kernelSteps(program)) {
      const source = interactionSource(x, wanted, limitsOf(device.info))
      const compiled = await device.compileInteraction(source)
      open.push(compiled)
      kernels.push({ writes, compiled, source, manifest: source.manifest })
    }
    return await use(kernels)
  } finally {
    open.forEach((k) => k.dispose())
  }
}

export const byTensor = (kernels: readonly OpenKernel[]): Readonly<Record<string, OpenKernel>> => Object.fromEntries(kernels.map((k) => [k.writes, k]))

export const scheduleTexts = (kernels: readonly OpenKernel[]): readonly string[] => kernels.map((k) => `${k.writes} ${printInteractionSchedule(k.manifest.schedule)}`)
