import type { Dtype } from '../../codegen/ir/algorithm.ts'
import type { TargetName } from '../../codegen/ir/schedule.ts'
import { templatesFor } from '../../codegen/schedule/templates/index.ts'
import type { Limits, Template } from '../../codegen/schedule/types.ts'

/** A small deterministic stream of whole numbers: the same seed gives the same fuzz run. */
export type Draw = (below: number) => number

export const drawer = (seed: number): Draw => {
  let state = (seed ^ 0x9e3779b9) >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** One kernel source of a fuzz run, before it is compiled. `variant` is a shipped name, or the seed of random hooks. */
export interface SourceSpec {
  readonly variant: { readonly shipped: string } | { readonly random: number }
  readonly dtype: Dtype
  readonly headDim: number
  readonly lse: boolean
  /** -1: the default schedule; else picks one of the feasible points. */
  readonly schedulePick: number
  /** Counts tiles on the device, compared with the host's classification. */
  readonly instrument: boolean
}

export const ALWAYS_DIMS = Object.freeze([1, 8, 16, 24, 32, 64, 96, 128])

export interface SourceOptions {
  readonly target: TargetName
  readonly limits: Limits
  readonly shipped: readonly string[]
  readonly dtypes: readonly Dtype[]
  /** Number of sources; half of them, rounded up, from random hooks. */
  readonly count: number
  readonly seed: number
}

/** Small dims compile fast, so most sources have one; every dim of ALWAYS_DIMS comes once before any is drawn. */
const dimOf = (index: number, draw: Draw): number => {
  if (index < ALWAYS_DIMS.length) return ALWAYS_DIMS[index]!
  const kind = draw(20)
  if (kind === 0) return 65 + draw(64)
  if (kind <= 3) return 33 + draw(32)
  return 1 + draw(32)
}

/** Every shipped kernel, every dtype and every dim of ALWAYS_DIMS at least once where `count` allows; schedules and the rest are drawn. */
export const sourceSpecs = ({ shipped, dtypes, count, seed }: SourceOptions): readonly SourceSpec[] => {
  const draw = drawer(seed)
  return Array.from({ length: count }, (_, i): SourceSpec => {
    const random = i % 2 === 1
    return {
      variant: random ? { random: seed * 4096 + i } : { shipped: shipped[(i >> 1) % shipped.length]! },
      dtype: dtypes[draw(dtypes.length)]!,
      headDim: dimOf(i >> 1, draw),
      lse: draw(4) !== 0,
      schedulePick: draw(3) === 0 ? -1 : draw(1 << 20),
      instrument: draw(3) === 0,
    }
  })
}

/** Cheap points come first: a fuzz run wants many kernels, not the fastest ones. */
export const pickTemplate = (target: TargetName, dtype: Dtype): Template => templatesFor(target, dtype)[0]!
