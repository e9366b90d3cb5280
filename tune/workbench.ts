import type { KernelSource } from '../codegen/ir/manifest.ts'
import type { AnySchedule, Schedule } from '../codegen/ir/schedule.ts'
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

/** Emitted source, of whichever family. */
export interface AnySource { readonly manifest: { readonly hashes: { readonly source: string } } }

/** How a schedule becomes a number: all of a search that touches the compiler, the reference or a device. */
export interface Workbench<S extends AnySchedule = Schedule, K extends AnySource = KernelSource, C extends { dispose(): void } = CompiledKernel> {
  emit(schedule: S): K
  load(kernel: K): Promise<C>
  check(kernel: K, compiled: C): Promise<Checked>
  timer(kernel: K, compiled: C): Timer
}

export type AnyWorkbench<S extends AnySchedule> = Workbench<S, any, { dispose(): void }>
