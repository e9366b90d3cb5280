import type { Pass } from '../../codegen/ir/interaction/index.ts'

/** One pass: `values` writes this coordinate's values. */
export interface PassHooks {
  readonly op: Pass['op']
  readonly count: number
  /** i32 values, which no arithmetic rounds. */
  readonly whole: boolean
  readonly values: (into: Float64Array) => void
}

/** What an interaction computes, at the frame's coordinates. Index maps are put in the frame. */
export interface InteractionHooks {
  readonly passes: readonly PassHooks[]
  /** What the coordinates add to a running sum. */
  readonly scan?: () => number
  readonly epilogue: () => number
  /** Of the sums beside the output; a definition has none. */
  readonly sums: readonly (() => number)[]
  /** Lengths of derived axes at the frame's sequence. */
  readonly lengths: Readonly<Record<string, () => number>>
}
