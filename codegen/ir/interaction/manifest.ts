import type { Dtype, NamedCapture } from '../algorithm.ts'
import type { TargetName } from '../schedule.ts'
import type { Requires } from '../plan.ts'
import { snake } from '../names.ts'
import type { AxisKind, TensorSpec } from './types.ts'

/** What the compiler sees in a definition: a matrix product, passes over an axis, a running sum, elements written to computed rows, or none of them. */
export type InteractionClass = 'contraction' | 'reduction' | 'scan' | 'scatter' | 'movement'

/** A loop nest; the target is its prefix. */
export type InteractionTemplate = `${TargetName}_${InteractionClass}`

export interface InteractionSchedule {
  readonly template: InteractionTemplate
  readonly values: Readonly<Record<string, number>>
}

/** Running sums over the sequences of `batch`, n + 1 of them: of lengths (`axis`), of L · M (`outer`), or of L (L - 1) / 2 (`lower`). Axes are owners. */
export interface Segment {
  readonly name: string
  readonly kind: 'axis' | 'outer' | 'lower'
  readonly row: string
  readonly column: string
  readonly batch: string
}

/** One 4-byte launch parameter; `source` says what a launcher puts there. */
export interface InteractionField {
  readonly name: string
  readonly type: 'u32' | 'i32' | 'f32'
  readonly source:
    /** Sequences along a batch axis; packed rows of a segment that the tensors hold; N of a jagged axis in dense tensors; entries of an indexed dense axis. */
    | `${'batch' | 'rows' | 'capacity' | 'size'}:${string}`
    /** 32-bit words of an offset of a segment: 1 or 2. */
    | `offsetWords:${string}`
    /** `scalarBits`: the capture's bits in the kernel's dtype. */
    | `${'scalar' | 'scalarBits' | 'base' | 'length'}:${string}`
    /** Elements of the output; parts that a reduction is split into. */
    | 'elements' | 'parts'
}

/** Names of the buffers that hold a tensor (`out`: the output) and the running sums of a segment. */
export const bufferName = Object.freeze({
  tensor: (name: string): string => `t_${snake(name)}`,
  offsets: (segment: string): string => `offsets_${snake(segment)}`,
})

/** A storage buffer: `t_TENSOR` (of an input or a sum), `t_out`, `offsets_SEGMENT`, `captures_i32`, `captures_f32`, or `partials`. */
export interface InteractionBuffer {
  readonly name: string
  readonly binding: number
  readonly access: 'read' | 'read_write'
  /** Entries that bind it. */
  readonly entries: readonly string[]
}

/**
 * Workgroups of an entry: the product of its factors. `tiles`: slots of `per` rows of a segment, floor(rows / per) + sequences + 1 (sequence b owns the slots from
 * floor(offset[b] / per) + b, some of them empty; the last are rows past the last offset). `count` divides a launch quantity by `per`, rounded up; `ceil` a product of factors, at least `least`.
 */
export type GridFactor =
  | { readonly kind: 'tiles'; readonly segment: string; readonly per: number }
  | { readonly kind: 'count'; readonly of: InteractionField['source']; readonly per: number }
  | { readonly kind: 'const'; readonly value: number }
  | { readonly kind: 'ceil'; readonly factors: readonly GridFactor[]; readonly per: number; readonly least: number }

export interface InteractionEntry {
  readonly name: string
  readonly entryPoint: string
  readonly threads: number
  readonly sharedBytes: number
  readonly grid: readonly GridFactor[]
  /** Workgroups take item after item: no more are needed than this many a multiprocessor (CUDA) or in all (WGSL). */
  readonly persistent?: number
}

/** All that a launcher or a device needs to run an emitted interaction. */
export interface InteractionManifest {
  readonly format: 1
  readonly family: 'interaction'
  readonly kernel: string
  readonly definition: string
  readonly class: InteractionClass
  readonly target: TargetName
  readonly dtype: Dtype | 'i32'
  readonly sizes: Readonly<Record<string, number>>
  readonly axes: readonly { readonly name: string; readonly kind: AxisKind; readonly like: string; readonly batch?: string; readonly indexed: boolean }[]
  readonly inputs: readonly TensorSpec[]
  readonly output: TensorSpec
  /** Further outputs: sums over the output's rows. Absent: none. */
  readonly sums?: readonly TensorSpec[]
  readonly captures: readonly NamedCapture[]
  readonly segments: readonly Segment[]
  readonly params: readonly InteractionField[]
  readonly buffers: readonly InteractionBuffer[]
  /** In launch order. */
  readonly entries: readonly InteractionEntry[]
  /** CUDA: the extern "C" function that launches all entries: (const Params*, unsigned multiprocessors, cudaStream_t); it computes the grids itself. */
  readonly launcher?: string
  /** Elements of f32 workspace a launch needs: the product of the factors; absent: none. */
  readonly partials?: readonly GridFactor[]
  readonly schedule: InteractionSchedule
  readonly requires: Requires
  readonly hashes: { readonly definition: string; readonly plan: string; readonly source: string }
}

export interface InteractionSource {
  readonly text: string
  readonly manifest: InteractionManifest
}
