import type { Dtype } from '../../codegen/ir/algorithm.ts'
import type { TargetName } from '../../codegen/ir/schedule.ts'
import { templatesFor } from '../../codegen/schedule/templates/index.ts'
import type { Limits, Template } from '../../codegen/schedule/types.ts'
import { type Draw, drawer } from './draw.ts'
import { allPaths, type Path } from './paths.ts'

/** One kernel source of a fuzz run, before it is compiled. `variant` is a shipped name, or the seed of random hooks. */
export interface SourceSpec {
  readonly variant: { readonly shipped: string } | { readonly random: number }
  readonly dtype: Dtype
  readonly headDim: number
  readonly valueDim: number
  readonly lse: boolean
  /** -1: the default schedule; else picks one of the feasible points. */
  readonly schedulePick: number
  readonly path: Path
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

/** Small dims compile and run fast, so most sources have one; every dim of ALWAYS_DIMS comes once before any is drawn. */
const dimOf = (index: number, draw: Draw): number => {
  if (index < ALWAYS_DIMS.length) return ALWAYS_DIMS[index]!
  const kind = draw(24)
  if (kind === 0) return 65 + draw(64)
  if (kind <= 2) return 33 + draw(32)
  return 1 + draw(kind <= 14 ? 12 : 32)
}

/** Two sources of five have values of a dim of their own. */
const valueDimOf = (headDim: number, draw: Draw): number => (draw(5) < 3 ? headDim : 1 + draw(headDim > 32 ? 16 : 40))

/** Every shipped kernel in turn, from one that the seed says; every dim of ALWAYS_DIMS and every path at least once where `count` allows; the rest is drawn. */
export const sourceSpecs = ({ shipped, dtypes, count, seed }: SourceOptions): readonly SourceSpec[] => {
  const draw = drawer(seed)
  const first = draw(shipped.length)
  return Array.from({ length: count }, (_, i): SourceSpec => {
    const headDim = dimOf(i >> 1, draw)
    return {
      variant: i % 2 === 1 ? { random: seed * 4096 + i } : { shipped: shipped[(first + (i >> 1)) % shipped.length]! },
      dtype: dtypes[draw(dtypes.length)]!,
      headDim,
      valueDim: valueDimOf(headDim, draw),
      lse: draw(4) !== 0,
      schedulePick: draw(5) === 0 ? -1 : draw(1 << 20),
      path: i < 2 * allPaths.length ? allPaths[i >> 1]! : allPaths[draw(allPaths.length)]!,
      instrument: draw(3) === 0,
    }
  })
}

/** The preferred loop nest, or, for one pick of four, another that the device runs; `nest` names the only other to take, always. */
export const pickTemplate = (target: TargetName, dtype: Dtype, pick = 0, runs: (template: Template) => boolean = () => false, nest?: string): Template => {
  const [first, ...others] = templatesFor(target, dtype)
  const other = others.find((t) => (nest ? t.name === nest : pick % 4 === 3) && runs(t))
  return other ?? first!
}
