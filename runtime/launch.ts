import type { Requires } from '../codegen/ir/plan.ts'
import type { TargetName } from '../codegen/ir/schedule.ts'
import type { Timing } from './device.ts'

export interface LaunchField { readonly name: string; readonly type: 'u32' | 'i32' | 'f32' }

export type Access = 'read' | 'read_write'

export interface LaunchBuffer {
  readonly name: string
  readonly binding: number
  /** By the entries that bind it. */
  readonly uses: Readonly<Record<string, Access>>
}

export interface LaunchEntry {
  readonly name: string
  readonly entryPoint: string
  /** Of a workgroup. */
  readonly threads: number
  readonly sharedBytes: number
  /** WebGPU: the buffer whose first three words say how many workgroups; an earlier entry writes them. */
  readonly indirect?: string
  /** Workgroups take item after item: no more are started than this many a multiprocessor (CUDA) or in all (WebGPU). */
  readonly persistent?: number
}

/** What a device must know of an emitted kernel, of whichever family. */
export interface LaunchPlan {
  readonly kernel: string
  readonly target: TargetName
  readonly params: readonly LaunchField[]
  readonly buffers: readonly LaunchBuffer[]
  /** In launch order. */
  readonly entries: readonly LaunchEntry[]
  /** CUDA: the extern "C" function that launches all entries: (const Params*, unsigned count, cudaStream_t). */
  readonly launcher?: string
  readonly requires: Requires
}

export interface LaunchSource { readonly plan: LaunchPlan; readonly text: string }

export type Bytes = Readonly<Record<string, Uint8Array>>

export interface LaunchJob {
  /** Initial bytes of every buffer of the plan; each length a multiple of 4. */
  readonly buffers: Readonly<Partial<Record<string, Uint8Array>>>
  readonly params: Readonly<Record<string, number>>
  /** Workgroups of each entry, in the plan's order; an upper bound where the entry is `indirect`. */
  readonly grids: readonly number[]
  /** Second argument of the CUDA launcher. */
  readonly count: number
  readonly outputs: readonly string[]
  readonly timing?: Timing
  /** What is launched, in words: "64 rows in 3 sequences". */
  readonly shape: string
}

export interface LaunchResult {
  readonly buffers: Bytes
  readonly times: readonly number[]
  readonly findings: readonly string[]
}

/** A compiled source. */
export interface Launchable {
  run(job: LaunchJob): Promise<LaunchResult>
  dispose(): void
}

/** Workgroups to start where `processors` multiprocessors take them. */
export const gridOf = ({ persistent }: LaunchEntry, workgroups: number, processors: number): number =>
  persistent === undefined ? workgroups : Math.min(workgroups, persistent * processors)
