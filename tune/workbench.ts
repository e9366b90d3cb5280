import type { KernelSource } from '../codegen/ir/manifest.ts'
import type { Schedule } from '../codegen/ir/schedule.ts'
import type { CompiledKernel } from '../runtime/device.ts'
import type { Timer } from './measure.ts'

/** A candidate's answer on the small drawn case against the reference. */
export interface Checked {
  readonly ok: boolean
  /** Largest absolute error; null where it is not finite. */
  readonly max: number | null
  readonly allowed: number
  /** What was wrong, in a sentence; only when not ok. */
  readonly reason?: string
}

/** How a schedule becomes a number: all of a search that touches the compiler, the reference or a device. */
export interface Workbench {
  emit(schedule: Schedule): KernelSource
  load(kernel: KernelSource): Promise<CompiledKernel>
  check(kernel: KernelSource, compiled: CompiledKernel): Promise<Checked>
  timer(kernel: KernelSource, compiled: CompiledKernel): Timer
}
