import type { Algorithm, Dtype, Problem } from '../ir/algorithm.ts'
import type { Requires, SubgroupMatrix, TileMode } from '../ir/plan.ts'
import type { Schedule, TargetName, TemplateName } from '../ir/schedule.ts'

/** What schedules are checked against: WebGPU limits and features, or a CUDA device's. */
export interface Limits {
  /** Bytes of workgroup (shared) memory. */
  readonly sharedMemory: number
  /** Threads (invocations) of one workgroup. */
  readonly threads: number
  readonly storageBuffers: number
  readonly features: readonly string[]
  /** 0: no subgroups. */
  readonly subgroupSize: number
  /** WebGPU: products of f16 matrices with f32 sums that the device offers. */
  readonly subgroupMatrix?: SubgroupMatrix
  /** The device is a CPU: its few threads run whole workgroups, one instruction for a subgroup at a time. Absent: a GPU. */
  readonly software?: boolean
  /** CUDA: the only architecture the kernel must run on, "sm_90a"; loop nests of another are refused. Absent: not known, the default runs on all. */
  readonly architecture?: string
}

/** Facts of an algorithm that cost a schedule something. */
export interface Facts {
  readonly tileMode: TileMode
  readonly normalizer: 'softmax' | 'pointwise' | 'byHead'
  /** A function of the author's runs on every score, and holds registers. */
  readonly scored?: boolean
  /** Weights are SiLU of the scores and nothing else. */
  readonly silu?: boolean
  /** Storage buffers the kernel binds. */
  readonly buffers: number
}

/** Why a schedule cannot be used: `reason` groups in counts, `message` names the value and the limit, `fix` the smallest change. */
export interface Infeasible {
  readonly reason: string
  readonly message: string
  readonly fix: string
}

/** A declared space, sorted out: `points` counts every combination of values; each is feasible or counted under the reason why not. */
export interface Space<S> {
  readonly points: number
  readonly feasible: readonly S[]
  readonly infeasible: Readonly<Record<string, number>>
}

export interface SpaceField {
  /** Values tried by the tuner, ascending. */
  readonly values: readonly number[]
  readonly about: string
  /** False: the shape of a launch decides it, and the tuner keeps the first value. */
  readonly tuned?: false
}

/** What a loop nest decides from its schedule; the rest of the plan is common to all. */
export interface TemplateNumbers {
  readonly sizes: Readonly<Record<string, number>>
  readonly flags: Readonly<Record<string, boolean>>
  readonly words: Readonly<Record<string, string>>
  readonly threads: number
  readonly blockM: number
  readonly blockN: number
  readonly sharedBytes: number
  readonly requires: Requires
}

/** One loop nest: its space, its checks, its default and its numbers, in one record. */
export interface Template {
  readonly name: TemplateName
  readonly target: TargetName
  readonly dtypes: readonly Dtype[]
  /** The only architecture it runs on, preferred there; absent: every one of the target. */
  readonly architecture?: string
  readonly space: Readonly<Record<string, SpaceField>>
  /** A schedule that is good with no tuning; always feasible where any is. */
  defaults(problem: Problem, facts: Facts, limits: Limits): Schedule
  /** Fields that go with a field that the shape of a launch decided; a loop nest without any has none. `mean`: rows of a sequence on average, where they are known. */
  companions?(field: string, problem: Problem, facts: Facts, mean?: number): Readonly<Record<string, number>>
  /** The first check that fails, or null. Wrong divisibility, too much shared memory, too many threads, head dim too large, ... */
  infeasible(schedule: Schedule, problem: Problem, facts: Facts, limits: Limits): Infeasible | null
  numbers(schedule: Schedule, problem: Problem, algorithm: Algorithm, facts: Facts): TemplateNumbers
  /** Estimated milliseconds per unit of work, only to order candidates: smaller first. */
  cost(schedule: Schedule, problem: Problem, limits: Limits): number
}
