import type { SequenceView } from '../codegen/ir/layout.ts'
import { grouped, plural } from './text.ts'

/** Multiply-adds that a comparison with the reference makes in a second. */
const RATE = 1e8
const LONG_SECONDS = 5

/** A line before a comparison that takes long; undefined where it does not. `dims`: of q and of v together. */
export const patience = (views: readonly SequenceView[], heads: number, dims: number): string | undefined => {
  const pairs = views.reduce((sum, v) => sum + v.qLen * v.kvLen, 0)
  const seconds = (pairs * heads * dims) / RATE
  if (seconds < LONG_SECONDS) return undefined
  const about = seconds < 90 ? plural(10 * Math.ceil(seconds / 10), 'second') : plural(Math.ceil(seconds / 60), 'minute')
  return `the definition is run in f64 on the CPU over ${grouped(pairs)} query-key pairs a head (${plural(heads, 'head')}): about ${about}; fewer or shorter --lengths take less`
}
